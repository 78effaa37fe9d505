import { Aspects, Lazy, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { checkCopyBack } from './copy-back';
import { COPY_BACKS } from './copy-backs-in-app';
import type { BackupDrRoleProps, CopyBackDrRoleProps, DrRoleProps, RestoreDrRoleProps } from './dr-role-props';
import { checkInstanceRoles, passInstanceRoles } from './instance-roles';
import { checkRestoreRegions } from './restore-regions';
import { pathProblem } from './role-path';
import { BACKUP, copyBackPermissions, RESTORE } from './role-permissions';
import type { Permissions } from './role-permissions';
import type { StatementsContext } from './role-statements';
import { ResourceType } from '../objectives/resource-type';
import { Environment, warnOfUnknownRegions } from '../private/environment';
import { validate } from '../private/messages';
import { asFound, suppress, suppressWildcards } from '../private/nag-suppressions';
import { takeRoleName } from '../private/only-one';
import { stableNameOfAccount } from '../private/physical-names';
import { PropsErrors } from '../private/props-errors';
import { Registry } from '../private/registry';

/** Limit of IAM for the inline policies of a role, without white space. */
const INLINE_POLICY_LIMIT = 10_240;

/**
 * A role that AWS Backup assumes, with the least that its work needs.
 *
 * It is retained, its name is stable and its permissions are part of it: AWS Backup moves recovery points to cold
 * storage and expires them with the role that made them, months later.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/iam-service-roles.html
 *
 * @example
 * const role = DrRole.backup(stack, 'BackupRole', { resourceTypes: [ResourceType.DYNAMODB] });
 */
export class DrRole extends iam.Role {
  /**
   * A role that starts backup and copy jobs.
   *
   * @throws if no resource type is given, or another role of the account has the name
   */
  public static backup(scope: Construct, id: string, props: BackupDrRoleProps): DrRole {
    const role = new DrRole(scope, id, props ?? {}, BACKUP);
    role.check('BackupDrRoleProps', props ?? {});
    role._addResourceTypes(props.resourceTypes);
    return role;
  }

  /**
   * A role that starts restore jobs.
   *
   * A restored table is a new table, so the role can create any table. It can also write to any table of the account in `regions`,
   * because AWS Backup fills the new table with those actions. It may pass `instanceRoles` to the EC2 instances that it restores, and no other role.
   *
   * @throws if no resource type is given, `instanceRoles` can't be passed, or another role of the account has the name; all
   * problems at once
   */
  public static restore(scope: Construct, id: string, props: RestoreDrRoleProps): DrRole {
    const role = new DrRole(scope, id, props ?? {}, RESTORE);
    role.check('RestoreDrRoleProps', props ?? {}, (errors) => {
      checkInstanceRoles(errors, role, props);
      checkRestoreRegions(errors, props.regions, Environment.of(role));
    });
    warnOfUnknownRegions(role, ...props.regions ?? []);
    role._addResourceTypes(props.resourceTypes);
    passInstanceRoles(role, props, role.context());
    return role;
  }

  /**
   * A role that copies recovery points back from an archive into the account that they came from, where they can be restored: AWS Backup
   * restores in the account of a vault only.
   *
   * Define it in the account of the archive. It copies into the vaults that you name and into no other. Recovery points in cold storage
   * can't be copied.
   *
   * @throws if no resource type or no vault is given, a vault is not the ARN of one, or another role of the account has the name; all
   * problems at once. At synthesis, if a vault of the app that the role copies into does not let the role in
   * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/create-cross-account-backup.html
   */
  public static copyBack(scope: Construct, id: string, props: CopyBackDrRoleProps): DrRole {
    const role = new DrRole(scope, id, props ?? {}, copyBackPermissions(props));
    const home = Environment.of(role);
    role.check('CopyBackDrRoleProps', props ?? {}, (errors) => checkCopyBack(errors, props, home));
    role._addResourceTypes(props.resourceTypes);
    const { destinationBackupVaultArns } = props;
    Registry.of(role).register(COPY_BACKS, role, { role, account: home.account, destinationBackupVaultArns });
    return role;
  }

  /**
   * A backup role whose resource types are added later, as the selections of a plan are.
   *
   * @internal
   */
  public static _backup(scope: Construct, id: string, props: BackupDrRoleProps): DrRole {
    const role = new DrRole(scope, id, props, BACKUP);
    const errors = new PropsErrors('BackupDrRoleProps', role);
    errors.add(...role.nameErrors);
    errors.throwIfAny();
    return role;
  }

  private readonly nameErrors: readonly string[];
  private readonly statements = new iam.PolicyDocument();
  private readonly resourceTypeNames = new Set<string>();
  /** The statements of this library, each with the reason for its wildcard, and all others. */
  private readonly own = new Map<iam.PolicyStatement, string | undefined>();
  private readonly others: iam.PolicyStatement[] = [];

  private constructor(scope: Construct, id: string, private readonly roleProps: RoleProps, private readonly permissions: Permissions) {
    const { roleName = stableNameOfAccount(64, scope, id), removalPolicy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE } = roleProps;
    super(scope, id, {
      assumedBy: new iam.ServicePrincipal('backup.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
      }),
      description: permissions.description,
      permissionsBoundary: roleProps.permissionsBoundary,
      roleName,
      path: pathProblem('path', roleProps.path) === undefined ? roleProps.path : undefined, // what is wrong is reported with the rest
    });
    const resource = this.node.defaultChild as iam.CfnRole | undefined; // there is none for precreated roles
    this.nameErrors = resource ? takeRoleName(this, roleName) : [];
    if (resource) {
      resource.policies = Lazy.any({ produce: () => this.statements.isEmpty ? undefined : [{ policyName: 'permissions', policyDocument: this.statements }] });
    }
    this.applyRemovalPolicy(removalPolicy);
    validate(this, () => this.validateSize());
    // Once it is known what else the role may do; cdk-nag looks at the resource below, and so later.
    Aspects.of(this).add({ visit: (node) => node === this && suppressWildcards(this, this.own, this.others) });
  }

  /**
   * Adds a statement to the role itself, not to a separate policy, which would be deleted while the role is retained.
   */
  public override addToPrincipalPolicy(statement: iam.PolicyStatement): iam.AddToPrincipalPolicyResult {
    if (!this.node.defaultChild) {
      return super.addToPrincipalPolicy(statement); // for the report of AWS CDK
    }
    if (!this.own.has(statement)) {
      this.others.push(statement);
    }
    this.statements.addStatements(statement);
    return { statementAdded: true, policyDependable: this };
  }

  /** Adds statements of this library, with the reasons for their wildcards. */
  private addOwnStatements(): void {
    const { backupVaultArns, encryptionKeys } = this.roleProps;
    const reasons = this.permissions.wildcardReasons(backupVaultArns !== undefined);
    // What the caller names is for the caller to explain.
    const given = [...backupVaultArns ? ['CopyIntoVaults'] : [], ...encryptionKeys ? ['UseTableKeys'] : []];
    given.forEach((sid) => delete reasons[sid]);
    this.addOwn(this.permissions.statements(this.context(), backupVaultArns), reasons);
  }

  private addOwn(statements: iam.PolicyStatement[], reasons: Record<string, string>): void {
    for (const statement of statements) {
      this.own.set(statement, reasons[statement.sid!]);
      this.addToPrincipalPolicy(statement);
    }
  }

  private addServicePolicy(name: string, reason: string): void {
    const policy = iam.ManagedPolicy.fromAwsManagedPolicyName(name);
    this.addManagedPolicy(policy);
    suppress(this, { id: 'AwsSolutions-IAM4', reason, appliesTo: [`Policy::${asFound(this, policy.managedPolicyArn)}`] });
  }

  /**
   * The problems of this role for a plan.
   *
   * @param resourceTypes The types that the plan selects, where they are known
   * @internal
   */
  public _problemsForBackup(resourceTypes: ResourceType[], backupVaultArns: string[]): string[] {
    if (this.permissions !== BACKUP) {
      return [`'role' must be made by 'DrRole.backup': '${this.node.path}' is for ${this.permissions.purpose}`];
    }
    const types = resourceTypes.filter((type) => !this.resourceTypeNames.has(type.resourceTypeName));
    const allowed = this.roleProps.backupVaultArns;
    const vaults = allowed ? backupVaultArns.filter((arn) => !allowed.includes(arn)) : [];
    return [
      ...types.length === 0 ? [] : [`'role' '${this.node.path}' may not back up ${types.join(', ')}: add it to the role's 'resourceTypes'`],
      ...vaults.length === 0 ? [] : [`'role' '${this.node.path}' may not copy into ${vaults.join(', ')}: add it to the role's 'backupVaultArns'`],
    ];
  }

  /** @internal */
  public _addResourceTypes(resourceTypes: ResourceType[]): void {
    for (const type of resourceTypes) {
      if (this.resourceTypeNames.has(type.resourceTypeName)) {
        continue;
      }
      this.resourceTypeNames.add(type.resourceTypeName);
      if (isDynamoDb(type)) {
        this.addOwnStatements();
        continue;
      }
      this.addServicePolicy(this.permissions.managedPolicy,
        'AWS Backup needs what this AWS managed policy allows for resource types other than Amazon DynamoDB, and AWS updates it as the service changes.');
      this.addOwn(this.permissions.besideManagedPolicy?.() ?? [], {});
      if (this.permissions.s3ManagedPolicy !== undefined && WITH_BUCKETS.includes(type.resourceTypeName)) {
        this.addServicePolicy(this.permissions.s3ManagedPolicy,
          'AWS Backup needs what this AWS managed policy allows for Amazon S3 buckets, and AWS updates it as the service changes.');
      }
    }
  }

  private context(): StatementsContext {
    const home = Environment.of(this);
    return {
      account: home.account,
      regions: this.roleProps.regions ?? [home.region],
      partition: home.partitionIn(this),
      encryptionKeyArns: this.roleProps.encryptionKeys?.map((key) => key.keyArn),
    };
  }

  private check(subject: string, props: RoleProps & DrRoleProps, more: (errors: PropsErrors) => void = () => {}): void {
    const errors = new PropsErrors(subject, this);
    errors.add(...this.nameErrors);
    const types: unknown = props.resourceTypes;
    if (!Array.isArray(types) || types.some((type) => typeof (type as ResourceType | undefined)?.resourceTypeName !== 'string')) {
      errors.add(`'resourceTypes' must be a list of ResourceType, such as [ResourceType.DYNAMODB], got ${Array.isArray(types) ? 'another value in it' : String(types)}`);
      errors.throwIfAny();
    }
    more(errors);
    const path = pathProblem('path', props.path);
    errors.whenEmpty('resourceTypes', props.resourceTypes, 'type');
    errors.when(path !== undefined, () => path!);
    errors.whenEmpty('encryptionKeys', props.encryptionKeys, 'key', 'leave it out for every key');
    errors.whenEmpty('backupVaultArns', props.backupVaultArns, 'vault', 'leave it out for every vault');
    for (const property of ['encryptionKeys', 'backupVaultArns', 'regions'] as const) {
      errors.when(props[property] !== undefined && props.resourceTypes?.length > 0 && !props.resourceTypes.some(isDynamoDb),
        () => `'${property}' narrows what the role may do with DynamoDB only, the managed policies of the other types can't be narrowed: leave it out`);
    }
    for (const key of props.encryptionKeys ?? []) {
      const own = Environment.of(this);
      errors.when(Token.isUnresolved(key.keyArn) && new Environment(key.env.account, key.env.region).differsFrom(own),
        () => `'encryptionKeys' must be in the account and region of the role (${own}) or imported by a literal ARN, got '${key.node.path}'`);
    }
    errors.throwIfAny();
  }

  private validateSize(): string[] {
    const size = JSON.stringify(Stack.of(this).resolve(this.statements) ?? '').length;
    return size <= INLINE_POLICY_LIMIT ? [] : [
      `the inline policy of the role must be at most ${INLINE_POLICY_LIMIT} characters, got ${size}: name fewer 'encryptionKeys' or vaults, or grant less to the role`,
    ];
  }
}

/** Types whose recovery points may have those of buckets in them. */
const WITH_BUCKETS = [ResourceType.S3, ResourceType.EKS, ResourceType.CLOUDFORMATION].map(({ resourceTypeName }) => resourceTypeName);

function isDynamoDb(type: ResourceType): boolean {
  return type.resourceTypeName === ResourceType.DYNAMODB.resourceTypeName;
}

/** What the roles of all purposes have together. */
type RoleProps = Partial<DrRoleProps> & Pick<BackupDrRoleProps, 'encryptionKeys' | 'backupVaultArns'> & Pick<RestoreDrRoleProps, 'regions'>;
