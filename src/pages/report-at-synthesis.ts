import { writeFileSync } from 'fs';
import { join } from 'path';
import { pageOf } from './html-page';
import { markdownOf } from './markdown';
import { sectionsOf } from './report-document';
import { libraryVersion } from '../handlers/library-version';
import { afterAllInEachStage } from '../private/at-synthesis';
import { reportOf } from '../report/report-of';

// Nested Stages are synthesized before the root, so that the report knows what their work said.
afterAllInEachStage((stage, { outdir }) => {
  if (stage.node.scope === undefined) {
    const report = reportOf(stage, libraryVersion());
    writeFileSync(join(outdir, 'recovery-report.json'), `${JSON.stringify(report, undefined, 2)}\n`);
    const sections = sectionsOf(report);
    writeFileSync(join(outdir, 'recovery-report.md'), markdownOf(report, sections));
    writeFileSync(join(outdir, 'recovery-report.html'), pageOf(report, sections));
  }
});
