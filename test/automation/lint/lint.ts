import type { AutomationDocument } from '../document';
import { schemaProblems } from './aws-schema';
import { Flow } from './flow';
import { limitProblems } from './limits';
import { referenceProblems } from './references';

/** All problems of a document: by AWS's schema, by the rules of AWS's pages, and by ours. What the schema refuses is not read further. */
export function lintDocument(name: string, document: AutomationDocument): string[] {
  const refused = schemaProblems(document);
  if (refused.length > 0) {
    return refused;
  }
  const flow = new Flow(document.mainSteps);
  return [...limitProblems(name, document), ...flow.problems(), ...referenceProblems(document, flow)];
}
