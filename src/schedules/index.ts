export * from './week-day';
