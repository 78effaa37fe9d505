import { BatchWriteItemCommand } from '@aws-sdk/client-dynamodb';
import type { Context, Item } from '../context';
import type { Promises, Table } from '../promises';
import { count, hold } from '../step';
import type { Step } from '../step';

const ITEMS = 200;
const BATCH = 25; // as many as a request takes

/** The stacks are there, and the tables have items. */
export function setup({ stacks, tables, rule }: Promises): Step[] {
  const resources = stacks.reduce((sum, { template }) => sum + Object.keys(template.Resources).length, 0);
  return [
    {
      id: 'deploy',
      promise: `${count(stacks.length, 'stack')} with ${count(resources, 'resource')}`,
      needs: [],
      run: async (context) => {
        await context.deployment.deploy();
        const deployed = await context.deployment.resources();
        context.remember('resources', deployed);
        const complete = deployed.filter(({ status }) => /^(CREATE|UPDATE)_COMPLETE$/.test(status)).length;
        const seen = `${count(complete, 'resource')} of ${deployed.length} complete`;
        hold(complete === resources && deployed.length === resources, seen);
        return seen;
      },
    },
    {
      id: 'items',
      promise: `${count(tables.length, 'table')} in the selection of the rule ${rule.name}`,
      needs: ['deploy'],
      run: async (context) => {
        const items = new Map<string, Item[]>();
        for (const table of tables) {
          items.set(context.nameOf(table), await fill(context, table));
        }
        context.remember('items', items);
        return `${ITEMS} items put into each of ${[...items.keys()].join(', ')}`;
      },
    },
  ];
}

async function fill(context: Context, table: Table): Promise<Item[]> {
  const items = Array.from({ length: ITEMS }, (_, index) => itemOf(table, index));
  const name = context.nameOf(table);
  for (let first = 0; first < items.length; first += BATCH) {
    await context.tables(table).send(new BatchWriteItemCommand({
      RequestItems: { [name]: items.slice(first, first + BATCH).map((Item) => ({ PutRequest: { Item } })) },
    }));
  }
  return items;
}

/** An item with the keys of the table, and attributes of other types beside them. */
function itemOf({ keys, attributes }: Table, index: number): Item {
  const typeOf = (name: string) => attributes.find(({ AttributeName }) => AttributeName === name)!.AttributeType;
  const key = keys.map(({ AttributeName }) => [AttributeName, typeOf(AttributeName) === 'N' ? { N: String(index) } : { S: `${AttributeName}#${index}` }] as const);
  return {
    ...Object.fromEntries(key),
    number: { N: String(index) },
    text: { S: 'ä €\n"quoted"' },
    list: { L: [{ BOOL: index % 2 === 0 }, { NULL: true }] },
    map: { M: { bytes: { B: new Uint8Array([index % 256, 0, 255]) } } },
  };
}
