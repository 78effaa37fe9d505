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
  if (stage.node.scope !== undefined) {
    return;
  }
  try {
    const report = reportOf(stage, libraryVersion());
    writeFileSync(join(outdir, 'recovery-report.json'), `${JSON.stringify(report, undefined, 2)}\n`);
    const sections = sectionsOf(report);
    writeFileSync(join(outdir, 'recovery-report.md'), markdownOf(report, sections));
    writeFileSync(join(outdir, 'recovery-report.html'), pageOf(report, sections));
  } catch (error) {
    // The stacks must deploy, most of all while a Region is lost: a defect of the report must not keep them from it.
    console.error(`cdk-backup-dr can't write the recovery report of this app, and its stacks are not affected. Report this error: ${error instanceof Error ? error.stack : error}`);
  }
});
