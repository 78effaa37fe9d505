import type { TemplateProperties } from './template-properties';
import { UNKNOWN } from './template-properties';

/** A key that a resource is encrypted with: a customer managed one, an AWS managed one, or none; `unknown` if the template does not specify it. */
export type Encryption = 'customer' | 'aws' | 'none' | 'unknown';

interface Encrypted {
  /** The property that turns on encryption; a resource without such a property is always encrypted. */
  readonly flag?: string;
  /** Properties of the source that the resource inherits its encryption from. */
  readonly inherits: string[];
  /** Whether it is always encrypted with an AWS managed key if it is encrypted and specifies no key. */
  readonly defaultsToAws: boolean;
}

const CLUSTER = ['SnapshotIdentifier', 'SourceDBClusterIdentifier', 'ReplicationSourceIdentifier', 'GlobalClusterIdentifier', 'SourceDbClusterResourceId'];

const ENCRYPTED: Record<string, Encrypted> = {
  'AWS::DocDB::DBCluster': { flag: 'StorageEncrypted', inherits: CLUSTER, defaultsToAws: true },
  // A setting of the account determines the default key of volumes.
  'AWS::EC2::Volume': { flag: 'Encrypted', inherits: ['SnapshotId', 'SourceVolumeId'], defaultsToAws: false },
  'AWS::FSx::FileSystem': { inherits: ['BackupId'], defaultsToAws: true },
  'AWS::Neptune::DBCluster': { flag: 'StorageEncrypted', inherits: CLUSTER, defaultsToAws: true },
  'AWS::RDS::DBCluster': { flag: 'StorageEncrypted', inherits: CLUSTER, defaultsToAws: true },
  'AWS::RDS::DBInstance': {
    flag: 'StorageEncrypted',
    inherits: [
      'DBSnapshotIdentifier', 'DBClusterSnapshotIdentifier', 'SourceDBInstanceIdentifier', 'SourceDBClusterIdentifier', 'SourceDbiResourceId',
      'SourceDBInstanceAutomatedBackupsArn',
    ],
    defaultsToAws: true,
  },
};

/**
 * The key that encrypts a resource, as far as its template specifies it.
 *
 * A snapshot, a source, the account or a default of its service can determine it outside of the template.
 */
export function encryptionOf(cfnResourceType: string, properties: TemplateProperties): Encryption {
  if (cfnResourceType === 'AWS::EC2::Instance') {
    return encryptionOfDevices(properties);
  }
  const encrypted = ENCRYPTED[cfnResourceType];
  if (!encrypted) {
    return 'unknown';
  }
  if (properties.get('KmsKeyId') !== undefined) {
    return encryptionBy(properties.raw('KmsKeyId'));
  }
  const isEncrypted = encrypted.flag === undefined ? true : properties.flag(encrypted.flag);
  if (typeof isEncrypted !== 'boolean' || encrypted.inherits.some((name) => properties.get(name) !== undefined)) {
    return 'unknown';
  }
  return !isEncrypted ? 'none' : encrypted.defaultsToAws ? 'aws' : 'unknown';
}

/** A copy fails if a single device has an AWS managed key. */
function encryptionOfDevices(properties: TemplateProperties): Encryption {
  const devices = properties.get('BlockDeviceMappings');
  const keys = Array.isArray(devices) ? devices.map((device) => (device as { Ebs?: { KmsKeyId?: unknown } } | undefined)?.Ebs?.KmsKeyId) : [];
  return devices !== UNKNOWN && keys.some((key) => key !== undefined && encryptionBy(key) === 'aws') ? 'aws' : 'unknown';
}

/** Aliases that begin with `alias/aws/` belong to AWS managed keys, whatever the ARN before them. */
function encryptionBy(key: unknown): Encryption {
  if (key === UNKNOWN) {
    return 'unknown';
  }
  const text = typeof key === 'string' ? key : JSON.stringify(key);
  return !text.includes('alias/aws/') ? 'customer' : text.includes('"Fn::If"') ? 'unknown' : 'aws';
}
