import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { runbookBucketOf, sideFor } from './runbook-bucket';
import { checkRunbook, documentIn } from './runbook-checks';
import { defineDocument, defineDocumentRole } from './runbook-definition';
import { parametersOf } from './runbook-design';
import type { RunbookDesign } from './runbook-design';
import { watchRuns } from './runbook-events';
import { defineRunbookFunction, executionsOf } from './runbook-function';
import { RunbookGrants } from './runbook-grants';
import { alarmOnSlowRuns } from './runbook-metrics';
import type { RunbookProps } from './runbook-props';
import { RUNBOOKS } from './runbooks-in-app';
import { AlarmLocations } from '../alarms/alarm-locations';
import { CataloguedAlarms } from '../alarms/catalogued-alarms';
import { RUNBOOK_TAG } from '../execution/runbook.contract';
import type { RunbookSettings } from '../execution/runbook.contract';
import { libraryVersion } from '../handlers/library-version';
import { consoleDomain, Environment } from '../private/environment';
import { takeOnlyOne } from '../private/only-one';
import { stableName } from '../private/physical-names';
import type { PropsErrors } from '../private/props-errors';
import { Registry } from '../private/registry';
import { admitRestore, restoreStatements } from '../snapshots/snapshot-readers';
import { admitRecords, recordStatements } from '../snapshots/snapshot-writers';

/**
 * Checks and defines what every runbook has: the document with its role, the function with its role, notifications, and an alarm.
 *
 * A construct for users has one, and hands on its members.
 */
export class Runbook {
  public readonly documentName: string;
  public readonly documentArn: string;
  public readonly role: iam.Role;
  public readonly handler: lambda.Function;
  public readonly consoleUrl: string;
  public readonly startCommand: string;
  public readonly grants: RunbookGrants;
  public readonly alarms: cloudwatch.Alarm[];

  /**
   * @param errors Problems of the design; all problems are thrown together
   */
  constructor(scope: Construct, errors: PropsErrors, private readonly design: RunbookDesign, private readonly props: RunbookProps) {
    const { bucket, objectives = [], approvers, minRequiredApprovals = 1 } = props;
    const home = Environment.of(scope);
    const documentName = this.documentName = props.documentName ?? `Recovery-${stableName(80, scope)}`;
    checkRunbook(scope, errors, design, documentName, props);
    errors.throwIfAny();
    takeOnlyOne(scope, documentIn(documentName, home));

    const { region } = sideFor(bucket, home.region, design.sourceRegion).environment;
    const { role, handler } = defineRunbookFunction(scope, {
      bundle: design.bundle,
      settings: this.settings(home),
      permissionsBoundary: props.permissionsBoundary,
      statements: new Map([
        ...design.statements, ...restoreStatements(bucket, design.snapshots, home.account, region), ...recordStatements(bucket, home.account, region),
      ]),
    });
    this.role = role;
    this.handler = handler;
    admitRestore(bucket, { by: scope, kind: design.snapshots, role, account: home.account, region });
    admitRecords(bucket, { by: scope, role, account: home.account, region });

    const documentRole = defineDocumentRole(scope, documentName, handler, props);
    defineDocument(scope, documentName, design, handler, documentRole, props);
    this.documentArn = `arn:${home.partitionIn(scope)}:ssm:${home.region}:${home.account}:document/${documentName}`;
    this.grants = RunbookGrants._of({ documentName, documentArn: this.documentArn, documentRole, executions: executionsOf(scope) });
    this.consoleUrl = `https://${home.region}.${consoleDomain(home.region)}/systems-manager/automation/execute/${documentName}?region=${home.region}`;
    this.startCommand = this.command(home);

    const made = new CataloguedAlarms(scope, props);
    const { topics, rules } = new AlarmLocations(scope, made, props).home;
    watchRuns(scope, rules, { documentName, handler, isApproved: approvers !== undefined });
    alarmOnSlowRuns(scope, documentName, objectives, made, topics);
    made.makeMerged();
    this.alarms = made.beside(scope);
    Registry.of(scope).register(RUNBOOKS, scope, {
      by: scope,
      kind: design.kind,
      documentName,
      environment: home,
      sourceRegion: design.sourceRegion,
      bucket,
      objectives,
      requiredApprovals: approvers === undefined ? 0 : minRequiredApprovals,
    });
  }

  private settings(home: Environment): RunbookSettings {
    const { kind, sourceRegion, settings } = this.design;
    const { bucket, objectives = [] } = this.props;
    return {
      kind,
      runbook: this.documentName,
      bucket: runbookBucketOf(bucket, home.region, sourceRegion),
      sourceRegion,
      objectives: objectives.map(({ name, survives, rto, rpo }) => ({ name, survives, rtoSeconds: rto.toSeconds(), rpoSeconds: rpo.toSeconds() })),
      libraryVersion: libraryVersion(),
      isApproved: this.props.approvers !== undefined,
      defaults: Object.fromEntries(parametersOf(this.design).filter(({ defaultValue }) => defaultValue !== undefined)
        .map(({ name, defaultValue }) => [name, defaultValue!])),
      ...settings,
    };
  }

  private command({ region }: Environment): string {
    const required = parametersOf(this.design).filter(({ defaultValue }) => defaultValue === undefined);
    const parameters = JSON.stringify(Object.fromEntries(required.map(({ name }) => [name, [`<${name.toLowerCase()}>`]])));
    return `aws ssm start-automation-execution --region ${region} --document-name ${this.documentName} --document-version '$LATEST' `
      + `--parameters '${parameters}' --tags Key=${RUNBOOK_TAG},Value=${this.documentName}`;
  }
}
