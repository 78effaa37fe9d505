export * from './copy-source';
export * from './replicated-backup-vault';
export * from './replicated-backup-vault-grants';
export * from './replicated-backup-vault-props';
export * from './replicated-backup-vault-ref';
export * from './vault-event';
export * from './vault-lock';
