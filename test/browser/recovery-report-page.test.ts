import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import * as os from 'os';
import * as path from 'path';
import { pathToFileURL } from 'url';
import packed from '@sparticuz/chromium';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { largeReport } from './large-report';
import { pageProblems } from './page-problems';
import { pageOf } from '../../src/pages/html-page';

/** `npm test` synthesizes it before. */
const PROD = path.join(__dirname, '../../examples/reference-app/cdk.out/prod/recovery-report.html');
const SIZES = [['375 px', 375, 'screen'], ['1280 px', 1280, 'screen'], ['A4 paper', 718, 'print']] as const;
const SCHEMES = ['light', 'dark'] as const;
/** A folder for screenshots, for whoever wants to look. */
const SCREENSHOTS = process.env.SCREENSHOTS;

const folder = mkdtempSync(path.join(os.tmpdir(), 'pages-'));
const large = path.join(folder, 'large.html');
let browser: Browser;

interface Axe {
  run(options: object): Promise<{ violations: { impact: string; id: string; nodes: { html: string }[] }[] }>;
}

beforeAll(async () => {
  // Without a process of its own for each page, the browser ends with its first page.
  browser = await chromium.launch({ executablePath: await packed.executablePath(), args: packed.args.filter((each) => each !== '--single-process'), headless: true });
  writeFileSync(large, pageOf(largeReport()));
});

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

test('the page of the reference app is there', () => {
  expect(existsSync(PROD)).toBe(true);
});

describe.each([['prod of the reference app', PROD], ['1,000 tables with hostile names', large]])('the page of %s', (_, file) => {
  describe.each(SIZES)('at %s', (name, width, media) => {
    test.each(SCHEMES)('in the %s colors loads nothing, says nothing on the console, and has nothing clipped, overlapping or hard to access', async (colorScheme) => {
      const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme, bypassCSP: true });
      try {
        expect(await open(page, file, media, `${path.basename(file, '.html')}-${name}-${colorScheme}`.replace(/ /g, '-'))).toEqual({ printed: [], requests: [], problems: [], violations: [] });
      } finally {
        await page.close();
      }
    });
  });
});

async function open(page: Page, file: string, media: 'screen' | 'print', name: string) {
  const printed: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => printed.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => printed.push(error.message));
  page.on('request', (request) => requests.push(request.url()));
  await page.emulateMedia({ media });
  await page.goto(pathToFileURL(file).href);
  if (SCREENSHOTS) {
    await page.screenshot({ path: path.join(SCREENSHOTS, `${name}.png`), fullPage: true });
  }
  await page.addScriptTag({ path: require.resolve('axe-core') });
  const violations = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: Axe };
    return (await axe.run({ resultTypes: ['violations'], preload: false })).violations.filter(({ impact }) => ['serious', 'critical'].includes(impact)).map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 120)}`);
  });
  await page.evaluate(() => document.querySelectorAll('details').forEach((each) => { each.open = true; }));
  const problems = await page.evaluate(pageProblems);
  return { printed, requests: requests.filter((url) => url !== pathToFileURL(file).href && !url.startsWith('data:')), problems: [...new Set(problems)].slice(0, 20), violations };
}
