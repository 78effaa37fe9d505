export * from './dr-role';
