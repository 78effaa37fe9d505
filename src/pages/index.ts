export * from './report-at-synthesis';
