/** The types of the events that tell of jobs, and where their details say the state of the job. */
export const BACKUP_JOBS = { detailType: 'Backup Job State Change', stateField: 'state' };
export const COPY_JOBS = { detailType: 'Copy Job State Change', stateField: 'state' };
export const RESTORE_JOBS = { detailType: 'Restore Job State Change', stateField: 'status' };
