export * from './ecs-restore-runbook';
