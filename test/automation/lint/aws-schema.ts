import Ajv from 'ajv';
import type { ErrorObject, ValidateFunction } from 'ajv';
import schema from 'aws-ssm-document-language-service/dist/schema.json';
import type { AutomationDocument } from '../document';
import { allSteps, innerSteps } from '../document';

let validate: ValidateFunction | undefined;

/**
 * What AWS's schema says of a document. It is older than `aws:loop` and `onCancel`, which are added to it; steps of loops are validated as those of the document.
 *
 * @see https://www.npmjs.com/package/aws-ssm-document-language-service
 */
export function schemaProblems(document: AutomationDocument): string[] {
  validate ??= new Ajv({ strict: false, allErrors: true, unicodeRegExp: false }).compile(withLoops());
  const loops = allSteps(document.mainSteps ?? []).filter((step) => innerSteps(step).length > 0);
  return [document, ...loops.map((loop) => ({ schemaVersion: '0.3', mainSteps: innerSteps(loop) }))].flatMap((each) => {
    validate!(each);
    return (validate!.errors ?? []).filter(({ keyword }) => keyword !== 'if').map((error) => problem(each, error));
  });
}

/** The member by the name of its step, and not by a number. */
function problem(document: Pick<AutomationDocument, 'mainSteps'>, { instancePath, message, params }: ErrorObject): string {
  const [, index, below] = /^\/mainSteps\/(\d+)(.*)$/.exec(instancePath) ?? [];
  const place = index === undefined ? `document${instancePath}` : `step ${document.mainSteps[Number(index)].name}${below}`;
  const { additionalProperty, allowedValues } = params as { additionalProperty?: string; allowedValues?: string[] };
  return `${place}: ${message}${additionalProperty ? ` (${additionalProperty})` : ''}${allowedValues ? ` (${allowedValues.join(', ')})` : ''}`;
}

function withLoops(): object {
  const changed = structuredClone(schema);
  const { properties } = changed.properties.mainSteps.items;
  properties.action.enum.push('aws:loop');
  Object.assign(properties, { onCancel: properties.onFailure });
  return changed;
}
