import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'fs';

const LOOK_AGAIN = 200;

/**
 * Does some work while no other process of this machine does the same; waits for its turn.
 *
 * @param lock A file that exists meanwhile, with the id of the process; one that was left by a process that is gone is ignored
 */
export async function exclusively<Result>(lock: string, work: () => Promise<Result>): Promise<Result> {
  while (!acquire(lock)) {
    await new Promise((resolve) => { setTimeout(resolve, LOOK_AGAIN); });
  }
  const release = () => rmSync(lock, { force: true });
  process.on('exit', release); // also where an interrupt ends the work
  try {
    return await work();
  } finally {
    process.removeListener('exit', release);
    release();
  }
}

function acquire(lock: string): boolean {
  try {
    const file = openSync(lock, 'wx');
    writeSync(file, String(process.pid));
    closeSync(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw error;
    }
    if (!isHeld(lock)) {
      rmSync(lock, { force: true });
    }
    return false;
  }
}

function isHeld(lock: string): boolean {
  try {
    const holder = Number(readFileSync(lock, 'utf8'));
    if (holder > 0) {
      process.kill(holder, 0);
    }
    return true; // also while it is being written
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
