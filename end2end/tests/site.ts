// What every browser test uses: pages with or without scripts, people who are signed in, and checks of a whole page.
import AxeBuilder from '@axe-core/playwright';
import { expect, test as base, type Browser, type BrowserContext, type Page } from '@playwright/test';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { appCode } from '../../scripts/app-code.mjs';

export const PASSWORD = 'periksa-dua-kali-26';
export const MEMBER = 'bimo_saputra@demo.example';

/** A test that fails on any error in the console, in every page it opens. */
export const test = base.extend<{ errors: string[] }>({
  errors: [async ({ page }, use) => {
    const errors: string[] = [];
    watch(page, errors);
    await use(errors);
    expect(errors, 'no errors in the console').toEqual([]);
  }, { auto: true }],
});

export { expect };

function watch(page: Page, errors: string[]) {
  page.on('console', (message) => {
    // A page that is meant to answer 404 is reported by the browser as a failed load of itself.
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(String(error)));
}

/** A page of its own, in a language, with scripts on or off. */
export async function open(browser: Browser, options: { lang?: string; scripts?: boolean } = {}): Promise<Page> {
  const { lang = 'id', scripts = true } = options;
  const { viewport, hasTouch, isMobile } = test.info().project.use;
  const context = await browser.newContext({
    baseURL: process.env.E2E_ORIGIN, locale: lang === 'id' ? 'id-ID' : 'en-GB', javaScriptEnabled: scripts, viewport, hasTouch, isMobile,
  });
  return context.newPage();
}

/** Signs in through the form. */
export async function signIn(page: Page, email = MEMBER, password = PASSWORD) {
  await page.goto('/login');
  await page.fill('[name=email]', email);
  await page.fill('[name=password]', password);
  await page.locator('main form button.btn-primary').click();
  await expect(page).not.toHaveURL(/^[a-z]+:\/\/[^/?#]+\/login/);
}

/** Asks the API with the page's cookies. */
export async function post(page: Page, path: string, data: unknown = undefined, lang = 'en') {
  const answer = await page.request.post(path, { headers: { origin: process.env.E2E_ORIGIN!, 'accept-language': lang }, data });
  expect(answer.ok(), `${path}: ${await answer.text()}`).toBe(true);
  return answer.json();
}

/** Switches an authenticator app on for who is signed in: the backup codes. The session then rests on two factors, and is elevated. */
export async function withApp(page: Page): Promise<string[]> {
  await post(page, '/api/auth/sudo', { password: PASSWORD });
  const { secret } = await post(page, '/api/auth/totp/setup');
  const { backup_codes } = await post(page, '/api/auth/totp/verify', { code: appCode(secret) });
  return backup_codes;
}

/**
 * For `toHaveURL`: on that page, whatever its query (a page's address may well name another one, as `/login?next=/forum` does). An
 * expression, since with a function Playwright gives up at the first navigation that another one interrupts.
 */
export function at(...paths: string[]): RegExp {
  return new RegExp(`^[a-z]+://[^/?#]+(?:${paths.join('|')})(?:[?#].*)?$`);
}

/** axe finds nothing serious, nothing scrolls sideways, one h1. */
export async function wellMade(page: Page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter((v) => v.impact === 'serious' || v.impact === 'critical');
  expect(serious.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(' ')}`)).toEqual([]);
  expect(await page.locator('h1').count(), 'one h1').toBe(1);
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wider, 'nothing scrolls sideways').toBeLessThanOrEqual(0);
}

/** Waits until the islands are awake. */
export async function awake(page: Page) {
  await page.waitForSelector('html[data-awake]');
}

/** The newest mail to an address, from the outbox folder. */
export async function mailTo(address: string): Promise<string> {
  const folder = process.env.E2E_OUTBOX!;
  let found: string | undefined;
  await expect.poll(() => {
    // The first mail of all makes the folder.
    const mails = (existsSync(folder) ? readdirSync(folder) : []).filter((name) => name.endsWith('.eml')).sort().reverse();
    found = mails.map((name) => readFileSync(join(folder, name), 'utf8')).find((text) => text.includes(`To: ${address}\r\n`));
    return found !== undefined;
  }).toBe(true);
  return found!;
}

/** The code of the newest SMS to a number, from the folder beside the outbox; not `before`. */
export async function codeTo(number: string, before?: string): Promise<string> {
  const folder = join(process.env.E2E_OUTBOX!, '..', 'sms');
  let code: string | undefined;
  await expect.poll(() => {
    if (!existsSync(folder)) return false;
    const texts = readdirSync(folder).filter((name) => name.endsWith('.json')).sort().reverse()
      .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8'))).filter((sms) => sms.to === number).map((sms) => sms.text);
    code = texts[0]?.match(/\b\d{6}\b/)?.[0];
    return code !== undefined && code !== before;
  }).toBe(true);
  return code!;
}

/** A screenshot kept as an artefact, to be looked at. */
export async function picture(page: Page, name: string) {
  await page.screenshot({ path: `end2end/artifacts/${test.info().project.name}-${name}.png`, fullPage: true });
}

export type { Browser, BrowserContext, Page };
