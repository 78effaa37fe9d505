import { App, Aspects, Size, Tags } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { CostAssumptions, ManagementEventTrail } from 'cdk-backup-dr';
import { AwsSolutionsChecks, NagReportFormat } from 'cdk-nag';
import { configOf } from '../config';
import { BackupStack } from '../lib/backup-stack';
import { checkCoverage } from '../lib/coverage';
import { LogArchiveStack } from '../lib/log-archive-stack';
import { MonitoringStack } from '../lib/monitoring-stack';
import { nameOf, selectionTags } from '../lib/naming';
import { OrganizationStack } from '../lib/organization-stack';
import { suppressFindings } from '../lib/suppressions';
import { stacksOf } from '../lib/vault-stacks';
import { WorkloadStack } from '../lib/workload-stack';

const app = new App();
const config = configOf(app.node.tryGetContext('stage'));
const { accounts, primaryRegion } = config;

// On the resources, and on the stacks for the resources that the CDK does not tag. Nothing that may change, such as an
// e-mail address: once a lock is final, a vault should never be updated again.
const tags = selectionTags(config);
for (const [key, value] of Object.entries(tags)) {
  Tags.of(app).add(key, value);
}

// It is not of this app: without it, nobody is told of tampering.
ManagementEventTrail.vouchFor(app, config.trailArn);

const propsIn = (account: string) => ({
  config,
  env: { account, region: primaryRegion },
  tags,
  description: `Backup and disaster recovery of ${config.project} ${config.stage}; questions to ${config.email}`,
  terminationProtection: config.deletionProtection,
});

const organization = new OrganizationStack(app, nameOf(config, 'organization'), propsIn(accounts.management));
const logArchive = new LogArchiveStack(app, nameOf(config, 'log-archive'), propsIn(accounts.logArchive));
const workload = new WorkloadStack(app, nameOf(config, 'workload'), propsIn(accounts.infrastructure));
const backup = new BackupStack(app, nameOf(config, 'backup'), { ...propsIn(accounts.infrastructure), centralVault: logArchive.vault, configuration: logArchive.configuration });
new MonitoringStack(app, nameOf(config, 'monitoring'), {
  ...propsIn(accounts.logArchive), vaults: [backup.vault, logArchive.vault], plans: [backup.plan],
});

// What is in a region that is lost, and keeps every deployment waiting: the other stacks stay as they are.
const lostRegion = app.node.tryGetContext('lostRegion');
for (const stack of lostRegion === undefined ? [] : app.node.children) {
  stack.node.tryRemoveChild(`support-${lostRegion}`);
}

const isThere = ({ region }: Stack) => region !== lostRegion;
for (const stack of stacksOf(logArchive.vault).filter(isThere)) {
  stack.addDependency(organization); // what can fail should do so before the days begin in which a lock can still be changed
}

// For the cost estimate of the recovery report.
new CostAssumptions(app, 'Costs', { dataPerResource: Size.gibibytes(50), dailyChange: 5, logsPerDay: Size.gibibytes(10) });
checkCoverage(app, { workload, logArchive, isWhole: lostRegion === undefined });
suppressFindings(app, config);
Aspects.of(app).add(new AwsSolutionsChecks({ reportFormats: [NagReportFormat.JSON] }));
