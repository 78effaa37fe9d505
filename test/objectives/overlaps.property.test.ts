import * as fc from 'fast-check';
import { simulatedTiers, WEEK } from './simulated-tiers';
import type { SimulatedTier } from './simulated-tiers';
import type { BackupTier } from '../../src/objectives/backup-tier';
import { overlapsOf } from '../../src/objectives/overlaps';

/** What tiers do to each other that have nothing but their recovery points. */
const compared = (tiers: BackupTier[]) => overlapsOf(tiers.map((tier) => ({ tier, lifecycle: tier, copies: [] })));

/** Runs of the weeks from one to another. */
function runsOf({ runsAt }: SimulatedTier, fromWeek: number, toWeek: number): number[] {
  return Array.from({ length: (toWeek - fromWeek) * WEEK }, (_, minute) => fromWeek * WEEK + minute).filter(runsAt);
}

/** Whether it holds for some run of one week, and a run of another tier within a week from then. */
function somePair(one: SimulatedTier, other: SimulatedTier, holds: (earlier: number, later: number) => boolean): boolean {
  const laterRuns = runsOf(other, 0, 2);
  return runsOf(one, 0, 1).some((earlier) => laterRuns.some((later) => later >= earlier && later < earlier + WEEK && holds(earlier, later)));
}

const nameOf = ({ tier }: SimulatedTier) => tier.name;

function overlappingPairs(tiers: SimulatedTier[]): string[] {
  const overlaps = (one: SimulatedTier, other: SimulatedTier) => somePair(one, other, (start, next) => next < start + one.startWindow);
  return tiers.flatMap((one, index) => tiers.slice(index + 1)
    .filter((other) => overlaps(one, other) || overlaps(other, one))
    .map((other) => `${nameOf(one)}+${nameOf(other)}`));
}

function starvingPairs(tiers: SimulatedTier[]): string[] {
  return tiers.flatMap((one) => tiers
    .filter((other) => somePair(one, other,
      (start, next) => one === other
        ? next > start && (start + one.completionWindow > next + one.startWindow || next < start + one.startWindow)
        : start + one.completionWindow > next + other.startWindow))
    .map((other) => `${nameOf(one)}>${nameOf(other)}`));
}

function reportedErrors(errors: string[]): string[] {
  return errors.map((error) => {
    const [, one, other] = /'tiers' '(\w+)' \([^)]*\) and '(\w+)'/.exec(error)!;
    return [one, other].sort().join('+');
  });
}

function reportedWarnings(warnings: string[]): string[] {
  return warnings.map((warning) => {
    const [, one, other] = /^a job of tier '(\w+)' .* past the start window of (?:tier '(\w+)'|its own next run)/.exec(warning)
      ?? /^the 'startWindow' of tier '(\w+)' .* is longer than the gap between two of its runs/.exec(warning)!;
    return `${one}>${other ?? one}`;
  });
}

test('exactly the pairs of tiers overlap that do so in some minute of a week', () => {
  fc.assert(fc.property(simulatedTiers, (tiers) => {
    const { givingWay: errors } = compared(tiers.map(({ tier }) => tier));

    expect(reportedErrors(errors).sort()).toEqual(overlappingPairs(tiers).sort());
  }));
});

test('exactly the tiers are warned of whose start window closes while an earlier job may run', () => {
  fc.assert(fc.property(simulatedTiers, (tiers) => {
    const { warnings } = compared(tiers.map(({ tier }) => tier));

    // Of two that overlap, one does not run at all, which is worse and is said.
    const overlapping = overlappingPairs(tiers).flatMap((pair) => {
      const [one, other] = pair.split('+');
      return [`${one}>${other}`, `${other}>${one}`];
    });
    const isComparable = (pair: string) => !overlapping.includes(pair);
    expect(reportedWarnings(warnings).filter(isComparable).sort()).toEqual(starvingPairs(tiers).filter(isComparable).sort());
  }));
});

test('the order of the tiers does not matter', () => {
  fc.assert(fc.property(simulatedTiers, (simulated) => {
    const tiers = simulated.map(({ tier }) => tier);
    const one = compared(tiers);
    const other = compared([...tiers].reverse());

    expect(reportedErrors(other.givingWay).sort()).toEqual(reportedErrors(one.givingWay).sort());
    if (one.givingWay.length === 0) {
      expect(reportedWarnings(other.warnings).sort()).toEqual(reportedWarnings(one.warnings).sort());
    }
  }));
});
