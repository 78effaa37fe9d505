import * as path from 'path';
import { isClassType, isInterfaceType, loadAssemblyFromPath } from '@jsii/spec';
import type { Type } from '@jsii/spec';
import { toSnakeCase, withPythonNames } from '../../src/private/messages';

const types: Type[] = Object.values(loadAssemblyFromPath(path.join(__dirname, '..', '..')).types ?? {});

/** Properties of props, parameters, and what makes an instance: what a user writes and messages therefore quote. */
function writtenNames(type: Type): string[] {
  if (isInterfaceType(type) && type.datatype) {
    return (type.properties ?? []).map(({ name }) => name);
  }
  const methods = isClassType(type) || isInterfaceType(type) ? type.methods ?? [] : [];
  const callables = isClassType(type) && type.initializer ? [...methods, type.initializer] : methods;
  return [
    ...methods.filter((method) => method.static).map(({ name }) => name),
    ...callables.flatMap(({ parameters = [] }) => parameters.map(({ name }) => name)),
  ];
}

test('messages know every name of the API that Python writes in another way', () => {
  const names = [...new Set(types.flatMap(writtenNames))].filter((name) => toSnakeCase(name) !== name);

  expect(names.length).toBeGreaterThan(100);
  expect(names.filter((name) => withPythonNames(`'${name}'`) !== `'${name}' (${toSnakeCase(name)})`)).toEqual([]);
});
