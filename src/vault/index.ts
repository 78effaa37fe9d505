export * from './copy-source';
export * from './replicated-backup-vault';
export * from './replicated-backup-vault-grants';
export type * from './replicated-backup-vault-props';
export type * from './replicated-backup-vault-ref';
export * from './backup-vault-event';
export * from './vault-lock';
