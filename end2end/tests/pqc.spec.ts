// Signing keys: made in the browser, tried, still there after a reload, gone when removed. The second factor is set up over the API.
import { at, PASSWORD, expect, mailTo, open, picture, post, signIn, test, wellMade, withApp, type Page } from './site';

/** A person of this test alone, signed in, with an authenticator app; a backup code for the next confirmation. */
async function person(page: Page, lang = 'en'): Promise<string[]> {
  const name = `pq_${test.info().project.name.slice(0, 2)}${test.info().title.length}${Date.now() % 1e7}`;
  const email = `${name}@contoh.example`;
  await post(page, '/api/auth/register', { email, username: name, password: PASSWORD }, lang);
  const token = /\/verify\?token=(\S+)/.exec(await mailTo(email))![1];
  await post(page, '/api/auth/verify/confirm', { token });
  await signIn(page, email);
  return withApp(page);
}

/** Through the page that asks whether it is oneself. */
async function confirm(page: Page, backup: string) {
  await expect(page).toHaveURL(at('/account/sudo'));
  await page.fill('[name=password]', PASSWORD);
  await page.fill('[name=code]', backup);
  await page.locator('main form button.btn-primary').click();
  await expect(page).toHaveURL(at('/account/pqc'));
}

async function ready(page: Page) {
  await page.waitForSelector('html[data-signing-awake]');
}

for (const lang of ['id', 'en']) {
  test(`a signing key is made, signs, and is removed (${lang})`, async ({ browser }) => {
    const page = await open(browser, { lang });
    const problems: string[] = [];
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(String(error)));
    const codes = await person(page, lang);

    await page.goto('/account/pqc');
    await ready(page);
    await wellMade(page);
    await picture(page, `${lang}-pqc-empty`);
    // Turning the second factor on was no confirmation with it, or was: either way the key is made in the end.
    if (await page.locator('form[data-makes]').count() === 0) {
      await page.locator('main a[href^="/account/sudo"]').click();
      await confirm(page, codes.pop()!);
      await ready(page);
    }
    await page.locator('form[data-makes] button').click();
    await expect(page.locator('[name=name]:invalid'), 'a key needs a name').toHaveCount(1);
    await page.fill('form[data-makes] [name=name]', 'Laptop kantor');
    await page.locator('form[data-makes] button').click();
    await expect(page.locator('.row-title')).toHaveText('Laptop kantor');
    await ready(page);
    await expect(page.locator('[data-here]')).toBeVisible();
    await expect(page.locator('[data-elsewhere]')).toBeHidden();

    await page.locator('form[data-signed$="/check"] button').click();
    await expect(page.locator('[data-value=keyName]')).toHaveText('Laptop kantor');
    await expect(page.locator('[data-value=signedText]')).toContainText('/pqc-keys/');
    await wellMade(page);
    await picture(page, `${lang}-pqc`);

    // Nothing that is kept can be carried away: the key that seals does not come out.
    const kept = await page.evaluate(async () => {
      const open = indexedDB.open('aivalid-signing');
      const database: IDBDatabase = await new Promise((done) => { open.onsuccess = () => done(open.result); });
      const all = database.transaction('keys').objectStore('keys').getAll();
      const entries: Record<string, any>[] = await new Promise((done) => { all.onsuccess = () => done(all.result); });
      database.close();
      const refused = await crypto.subtle.exportKey('raw', entries[0].wrap).then(() => false, () => true);
      return { count: entries.length, extractable: entries[0].wrap.extractable, refused, sealed: entries[0].sealed.byteLength };
    });
    expect(kept).toEqual({ count: 1, extractable: false, refused: true, sealed: 48 });

    await page.reload();
    await ready(page);
    await page.locator('form[data-signed$="/check"] button').click();
    await expect(page.locator('[data-value=keyName]')).toHaveText('Laptop kantor');

    // Another browser of the same person knows that the key is elsewhere.
    const state = await page.context().storageState();
    const elsewhere = await browser.newContext({ baseURL: process.env.E2E_ORIGIN, locale: lang === 'id' ? 'id-ID' : 'en-GB', storageState: state });
    const other = await elsewhere.newPage();
    await other.goto('/account/pqc');
    await ready(other);
    await expect(other.locator('[data-elsewhere]')).toBeVisible();
    await expect(other.locator('[data-no-key]')).toBeVisible();
    await expect(other.locator('form[data-signed$="/check"]')).toBeHidden();
    await picture(other, `${lang}-pqc-elsewhere`);
    await elsewhere.close();

    await page.locator('.fold summary').click();
    await page.locator('.fold [name=remove]').click();
    await expect(page.locator('.empty')).toBeVisible();
    await expect(page.locator('.flash-success')).toBeVisible();
    await ready(page);
    expect(problems).toEqual([]);
    await page.context().close();
  });
}

test('a device with a wrong clock signs all the same', async ({ browser }) => {
  const page = await open(browser, { lang: 'en' });
  await page.addInitScript(() => {
    const real = Date.now;
    Date.now = () => real() - 3_600_000;
  });
  const codes = await person(page);
  await page.goto('/account/sudo?next=/account/pqc');
  await confirm(page, codes.pop()!);
  await ready(page);
  await page.fill('form[data-makes] [name=name]', 'Jam rusak');
  await page.locator('form[data-makes] button').click();
  await expect(page.locator('.row-title')).toHaveText('Jam rusak');
  await page.context().close();
});

test('a confirmation that has lapsed is asked for again', async ({ browser }) => {
  const page = await open(browser, { lang: 'en' });
  const codes = await person(page);
  await page.goto('/account/sudo?next=/account/pqc');
  await confirm(page, codes.pop()!);
  await ready(page);
  // The same form without the session's elevation: as after ten minutes.
  await page.route('**/pqc-keys', (route) => route.request().method() === 'POST'
    ? route.fulfill({ status: 403, contentType: 'application/json', body: JSON.stringify({ error: 'x', code: 'SUDO_REQUIRED' }) })
    : route.fallback());
  await page.fill('form[data-makes] [name=name]', 'Laptop');
  await page.locator('form[data-makes] button').click();
  await expect(page).toHaveURL(at('/account/sudo'));
  await page.context().close();
});

test('without scripts the page says so, and leads to a second factor first', async ({ browser }) => {
  const page = await open(browser, { lang: 'en', scripts: false });
  await signIn(page);
  await page.goto('/account/pqc');
  await expect(page.locator('main a[href="/account/two-factor"]').last()).toBeVisible();
  await expect(page.locator('form[data-signed]')).toHaveCount(0);
  await page.context().close();
});
