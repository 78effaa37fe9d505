export * from './ecs-cluster-target';
export * from './ecs-config-backup';
