// Every page, in both languages, on phone and desktop: loads, reloads, is well made, and writes no error.
import { expect, open, picture, signIn, test, wellMade } from './site';

const PUBLIC = ['/', '/validation-cases', '/validation-cases/category/proofs', '/forum', '/forum/methods', '/about', '/privacy', '/terms', '/status', '/offline', '/login', '/login/otp', '/register', '/verify', '/recovery', '/recovery/stop', '/forgot'];
const OWN = ['/threads/new', '/validation-cases/new', '/account', '/account/kyc', '/account/passkeys', '/account/passkeys/offer', '/account/phone', '/account/pqc', '/account/sessions', '/account/security', '/account/connections', '/account/credentials', '/account/two-factor', '/account/tokens', '/account/data', '/account/sudo'];

async function first(page: import('@playwright/test').Page, list: string, link: string) {
  await page.goto(list);
  return (await page.locator(link).first().getAttribute('href'))!;
}

for (const lang of ['id', 'en']) {
  test(`public pages (${lang})`, async ({ browser }) => {
    test.setTimeout(120_000);
    const page = await open(browser, { lang });
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    const found = [await first(page, '/forum/methods', '.row-title a'), await first(page, '/validation-cases', '.row-title a'), '/user/bimo_saputra'];
    for (const path of [...PUBLIC, ...found]) {
      const response = await page.goto(path);
      expect(response?.status(), path).toBe(200);
      await expect(page.locator('html')).toHaveAttribute('lang', lang);
      await wellMade(page);
      await picture(page, `${lang}-${path.split('?')[0].replaceAll('/', '_').slice(0, 40)}`);
      expect((await page.reload())?.status(), `${path} again`).toBe(200);
    }
    expect(errors).toEqual([]);
    await page.context().close();
  });

  test(`own pages (${lang})`, async ({ browser }) => {
    test.setTimeout(120_000);
    const page = await open(browser, { lang });
    for (const path of OWN) {
      await page.goto(path);
      await expect(page.locator('main'), `${path} asks a guest to sign in`).toContainText(lang === 'id' ? 'Masuk' : 'Sign in');
    }
    await signIn(page);
    for (const path of OWN) {
      expect((await page.goto(path))?.status(), path).toBe(200);
      await wellMade(page);
      await picture(page, `${lang}-own-${path.replaceAll('/', '_')}`);
    }
    await page.context().close();
  });
}

test('what is not there says so', async ({ browser }) => {
  const page = await open(browser);
  for (const path of ['/nothing-here', '/threads/999999-x', '/validation-cases/999999-x', '/user/nobody_at_all', '/forum/nowhere']) {
    expect((await page.goto(path))?.status(), path).toBe(404);
    await wellMade(page);
  }
  await page.context().close();
});
