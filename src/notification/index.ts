export * from './chat-channel';
export * from './notification-topic';
export * from './notify';
