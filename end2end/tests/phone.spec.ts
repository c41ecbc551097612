// Signing in with a code by SMS: a new account, another code, and making the account safe; with and without scripts.
import { at, PASSWORD, codeTo, expect, open, picture, signIn, test, wellMade, type Page } from './site';

/** A number of this test alone. */
function number(): { typed: string; whole: string } {
  const digits = `${test.info().project.name.length % 10}${test.info().title.length % 100}${Date.now() % 1e6}`.padStart(8, '0').slice(0, 8);
  return { typed: `0812-${digits.slice(0, 4)}-${digits.slice(4)}`, whole: `+62812${digits}` };
}

async function ask(page: Page, typed: string) {
  await page.fill('[name=phone_number]', typed);
  await page.locator('button[value=send]').click();
  await expect(page.locator('[name=code]')).toBeVisible();
}

for (const [lang, scripts] of [['id', true], ['en', false]] as const) {
  test(`a number signs in and makes an account (${lang}, scripts ${scripts ? 'on' : 'off'})`, async ({ browser }) => {
    const page = await open(browser, { lang, scripts });
    const { typed, whole } = number();
    await page.goto('/login?next=/forum');
    await page.locator('a[href^="/login/otp"]').click();
    await expect(page).toHaveURL(at('/login/otp'));
    if (scripts) await wellMade(page);
    await picture(page, `${lang}-otp-number`);
    await expect(page.locator('[name=country_code]')).toHaveValue('ID');

    await page.fill('[name=phone_number]', '12');
    await page.locator('button[value=send]').click();
    await expect(page.locator('.error-summary')).toBeVisible();
    await expect(page.locator('[name=phone_number]')).toHaveValue('12');
    await ask(page, typed);
    if (scripts) await wellMade(page);
    await picture(page, `${lang}-otp-code`);

    const first = await codeTo(whole);
    await page.fill('[name=code]', first === '000000' ? '000001' : '000000');
    await page.locator('button[value=verify]').click();
    await expect(page.locator('.error-summary')).toBeVisible();
    await page.locator('button[value=again]').click();
    const second = await codeTo(whole, first);
    await page.fill('[name=code]', second);
    await page.locator('button[value=verify]').click();
    await expect(page).toHaveURL(at('/forum'));

    // The account is made safe while the sign-in is fresh.
    await page.goto('/account/phone');
    await expect(page.locator('main')).toContainText(whole);
    if (scripts) await wellMade(page);
    await picture(page, `${lang}-account-phone-only`);
    await page.locator('a[href="/account/credentials"].btn').click();
    await page.fill('[name=new_password]', PASSWORD);
    await page.locator('button[value=password]').click();
    await page.goto('/account/phone');
    await page.locator('a[href^="/account/sudo"]').click();
    await page.fill('[name=password]', PASSWORD);
    await page.locator('main form button.btn-primary').click();
    await page.locator('button[value=remove]').click();
    await expect(page.locator('.error-summary'), 'the last way in stays').toBeVisible();
    await page.context().close();
  });
}

test('a number is added to an account and taken away again', async ({ browser }) => {
  const page = await open(browser);
  const { typed, whole } = number();
  await signIn(page);
  await page.goto('/account/phone');
  await page.locator('a[href^="/account/sudo"]').click();
  await page.fill('[name=password]', PASSWORD);
  await page.locator('main form button.btn-primary').click();
  await expect(page).toHaveURL(at('/account/phone'));
  await page.fill('[name=phone_number]', typed);
  await page.locator('button[value=request]').click();
  await page.fill('[name=code]', await codeTo(whole));
  await wellMade(page);
  await picture(page, 'account-phone-confirm');
  await page.locator('button[value=confirm]').click();
  await expect(page.locator('main')).toContainText(whole);
  await wellMade(page);
  await picture(page, 'account-phone');
  await page.locator('button[value=remove]').click();
  await expect(page.locator('main')).not.toContainText(whole);
  await page.context().close();
});
