import { writeFileSync } from 'fs';
import { join } from 'path';
import { reportOf } from './report-of';
import { afterAllInEachStage } from '../private/at-synthesis';

// Nested Stages are synthesized before the root, so that the report knows what their work said.
afterAllInEachStage((stage, { outdir }) => {
  if (stage.node.scope === undefined) {
    writeFileSync(join(outdir, 'recovery-report.json'), `${JSON.stringify(reportOf(stage), undefined, 2)}\n`);
  }
});
