/**
 * Capabilities of AWS Backup for a resource type.
 */
export interface ResourceTypeCapabilities {
  /**
   * The ARNs of all resources of the type, after the partition.
   *
   * @default - the resources have no distinct ARN pattern: specify them one by one
   */
  readonly arnPattern?: string;

  /**
   * Whether the lifecycle can move recovery points to cold storage.
   *
   * @default false
   */
  readonly coldStorage?: boolean;

  /**
   * Whether recovery points can be copied into another account.
   *
   * @default false
   */
  readonly crossAccountCopy?: boolean;

  /**
   * Whether recovery points can be copied into another region.
   *
   * @default false
   */
  readonly crossRegionCopy?: boolean;

  /**
   * Whether AWS Backup makes continuous backups, for a restore to any point in time.
   *
   * @default false
   */
  readonly continuousBackup?: boolean;

  /**
   * Whether recovery points are encrypted with the key of their vault, independent of the key of the resource.
   *
   * @default false
   */
  readonly fullManagement?: boolean;

  /**
   * Whether a logically air-gapped vault supports recovery points of the type.
   *
   * @default false
   */
  readonly logicallyAirGappedVault?: boolean;

  /**
   * Whether restore testing supports the type.
   *
   * @default false
   */
  readonly restoreTesting?: boolean;
}

/**
 * A resource type that AWS Backup backs up, with its capabilities.
 *
 * They do not include Amazon ECS.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-feature-availability.html#features-by-resource
 */
export class ResourceType {
  /** Amazon Aurora clusters. */
  public static readonly AURORA = ResourceType.of('Aurora', {
    arnPattern: 'rds:*:*:cluster:*', crossAccountCopy: true, crossRegionCopy: true, continuousBackup: true, logicallyAirGappedVault: true, restoreTesting: true,
  });

  /** Stacks of AWS CloudFormation: the template, and the resources in it that AWS Backup supports. */
  public static readonly CLOUDFORMATION = ResourceType.of('CloudFormation', {
    arnPattern: 'cloudformation:*:*:stack/*', coldStorage: true, crossRegionCopy: true, fullManagement: true,
  });

  /** Amazon DocumentDB clusters. */
  public static readonly DOCUMENTDB = ResourceType.of('DocumentDB', {
    arnPattern: 'rds:*:*:cluster:*', crossAccountCopy: true, crossRegionCopy: true, logicallyAirGappedVault: true, restoreTesting: true,
  });

  /** Amazon Aurora DSQL clusters. */
  public static readonly DSQL = ResourceType.of('DSQL', {
    arnPattern: 'dsql:*:*:cluster/*', coldStorage: true, crossAccountCopy: true, crossRegionCopy: true, fullManagement: true, logicallyAirGappedVault: true,
  });

  /**
   * Amazon DynamoDB tables, with the advanced features of AWS Backup: `BackupRegionSettings` turns them on.
   */
  public static readonly DYNAMODB = ResourceType.of('DynamoDB', {
    arnPattern: 'dynamodb:*:*:table/*',
    coldStorage: true,
    crossAccountCopy: true,
    crossRegionCopy: true,
    fullManagement: true,
    logicallyAirGappedVault: true,
    restoreTesting: true,
  });

  /** Amazon EBS volumes; their archive tier requires a schedule of a month or longer and is not supported here. */
  public static readonly EBS = ResourceType.of('EBS', {
    arnPattern: 'ec2:*:*:volume/*', crossAccountCopy: true, crossRegionCopy: true, logicallyAirGappedVault: true, restoreTesting: true,
  });

  /** Amazon EC2 instances. */
  public static readonly EC2 = ResourceType.of('EC2', {
    arnPattern: 'ec2:*:*:instance/*', crossAccountCopy: true, crossRegionCopy: true, logicallyAirGappedVault: true, restoreTesting: true,
  });

  /** Amazon EFS file systems. */
  public static readonly EFS = ResourceType.of('EFS', {
    arnPattern: 'elasticfilesystem:*:*:file-system/*',
    coldStorage: true,
    crossAccountCopy: true,
    crossRegionCopy: true,
    fullManagement: true,
    logicallyAirGappedVault: true,
    restoreTesting: true,
  });

  /** Amazon EKS clusters, whose authentication mode must support access entries. */
  public static readonly EKS = ResourceType.of('EKS', {
    arnPattern: 'eks:*:*:cluster/*', crossAccountCopy: true, crossRegionCopy: true, fullManagement: true, logicallyAirGappedVault: true,
  });

  /** File systems of Amazon FSx for Lustre (persistent ones without a data repository), for Windows File Server and for OpenZFS. */
  public static readonly FSX = ResourceType.of('FSx', {
    arnPattern: 'fsx:*:*:file-system/*', crossAccountCopy: true, crossRegionCopy: true, logicallyAirGappedVault: true, restoreTesting: true,
  });

  /** Volumes of Amazon FSx for NetApp ONTAP. */
  public static readonly FSX_ONTAP = ResourceType.of('FSx', {
    arnPattern: 'fsx:*:*:volume/*', crossAccountCopy: true, crossRegionCopy: true, logicallyAirGappedVault: true, restoreTesting: true,
  });

  /** Amazon Neptune clusters. */
  public static readonly NEPTUNE = ResourceType.of('Neptune', {
    arnPattern: 'rds:*:*:cluster:*', crossAccountCopy: true, crossRegionCopy: true, logicallyAirGappedVault: true, restoreTesting: true,
  });

  /** Amazon RDS instances. */
  public static readonly RDS = ResourceType.of('RDS', {
    arnPattern: 'rds:*:*:db:*', crossAccountCopy: true, crossRegionCopy: true, continuousBackup: true, restoreTesting: true,
  });

  /** Multi-AZ DB clusters of Amazon RDS, which can't be copied, unlike Amazon Aurora clusters. */
  public static readonly RDS_MULTI_AZ_CLUSTER = ResourceType.of('RDS', { restoreTesting: true });

  /** Amazon Redshift clusters, which can't be copied. */
  public static readonly REDSHIFT = ResourceType.of('Redshift', { arnPattern: 'redshift:*:*:cluster:*' });

  /** Namespaces of Amazon Redshift Serverless, which can't be copied. */
  public static readonly REDSHIFT_SERVERLESS = ResourceType.of('Redshift Serverless', { arnPattern: 'redshift-serverless:*:*:namespace/*' });

  /** Amazon S3 buckets, which must be versioned. */
  public static readonly S3 = ResourceType.of('S3', {
    arnPattern: 's3:::*', crossAccountCopy: true, crossRegionCopy: true, continuousBackup: true, fullManagement: true, logicallyAirGappedVault: true, restoreTesting: true,
  });

  /** SAP HANA databases on Amazon EC2 instances. */
  public static readonly SAP_HANA = ResourceType.of('SAP HANA on Amazon EC2', {
    arnPattern: 'ssm-sap:*:*:HANA/*', coldStorage: true, crossAccountCopy: true, crossRegionCopy: true, continuousBackup: true, fullManagement: true,
  });

  /** Volumes of AWS Storage Gateway. */
  public static readonly STORAGE_GATEWAY = ResourceType.of('Storage Gateway', {
    arnPattern: 'storagegateway:*:*:gateway/*', crossAccountCopy: true, crossRegionCopy: true, logicallyAirGappedVault: true,
  });

  /** Tables of Amazon Timestream. */
  public static readonly TIMESTREAM = ResourceType.of('Timestream', {
    arnPattern: 'timestream:*:*:database/*', coldStorage: true, crossAccountCopy: true, crossRegionCopy: true, fullManagement: true, logicallyAirGappedVault: true,
  });

  /** Virtual machines behind a backup gateway. */
  public static readonly VIRTUAL_MACHINE = ResourceType.of('VirtualMachine', {
    arnPattern: 'backup-gateway:*:*:vm/*', coldStorage: true, crossAccountCopy: true, crossRegionCopy: true, fullManagement: true, logicallyAirGappedVault: true,
  });

  /**
   * Another resource type that AWS Backup supports.
   *
   * @param resourceTypeName Name of the type in the API of AWS Backup
   * @param capabilities Capabilities of AWS Backup for the type
   */
  public static of(resourceTypeName: string, capabilities: ResourceTypeCapabilities): ResourceType {
    return new ResourceType(resourceTypeName, capabilities);
  }

  /**
   * The types that this library defines.
   */
  public static all(): ResourceType[] {
    return Object.values(ResourceType).filter((value) => value instanceof ResourceType);
  }

  /**
   * Name of the type in the API of AWS Backup.
   */
  public readonly resourceTypeName: string;

  /**
   * Capabilities of AWS Backup for the type.
   */
  public readonly capabilities: ResourceTypeCapabilities;

  private constructor(resourceTypeName: string, capabilities: ResourceTypeCapabilities) {
    this.resourceTypeName = resourceTypeName;
    this.capabilities = capabilities;
  }

  /**
   * Name of the type in the API of AWS Backup.
   */
  public toString(): string {
    return this.resourceTypeName;
  }
}
