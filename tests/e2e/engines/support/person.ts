/** A person before a browser: what they see, by the names that the engine's own accessibility tree gives, and what they do. */
import { error, Key, type WebDriver, type WebElement } from "selenium-webdriver";
import { bringIntoReach, focusedElement, focusIsVisible, shownElements, shownText } from "./look.ts";

const PATIENCE_MS = 60_000;

/** Where to look for elements of a role. */
const SELECTORS = {
  button: "button, [role=button]",
  link: "a[href]",
  heading: "h1, h2, h3",
  dialog: "dialog[open], [role=dialog]",
  textbox: "input:not([type]), input[type=text], input[type=email], textarea",
  searchbox: "input[type=search]",
};

export type Role = keyof typeof SELECTORS;
type Name = string | RegExp;

const fits = (words: string, wanted: Name) =>
  typeof wanted === "string" ? words.includes(wanted) : wanted.test(words);

export class Person {
  readonly driver: WebDriver;

  constructor(driver: WebDriver) {
    this.driver = driver;
  }

  /** Waits until something is so. */
  async until<T>(what: string, is: () => Promise<T>): Promise<NonNullable<T>> {
    let last: unknown;
    const wanted = async () => {
      try {
        last = undefined;
        return await is();
      } catch (thrown) {
        // What is looked at may be drawn anew meanwhile, or the page be left: each engine has its own words for it.
        if (!(thrown instanceof error.WebDriverError) || thrown instanceof error.NoSuchSessionError) throw thrown;
        last = thrown;
        return undefined;
      }
    };
    try {
      return (await this.driver.wait(wanted, PATIENCE_MS)) as NonNullable<T>;
    } catch (late) {
      const seen = (await this.text()).replaceAll(/\s*\n\s*/g, "\n");
      throw new Error(`Not seen: ${what}. In sight at ${await this.driver.getCurrentUrl()}:\n${seen}`, {
        cause: last ?? late,
      });
    }
  }

  /** The element of a role and a name, or a part of its name, if it is shown. */
  async look(role: Role, name: Name): Promise<WebElement | undefined> {
    for (const candidate of await this.elements(SELECTORS[role])) {
      if (fits(await candidate.getAccessibleName(), name) && (await candidate.getAriaRole()) === role) return candidate;
    }
    return undefined;
  }

  find(role: Role, name: Name): Promise<WebElement> {
    return this.until(`the ${role} ${name}`, () => this.look(role, name));
  }

  async gone(role: Role, name: Name): Promise<void> {
    await this.until(`that the ${role} ${name} is gone`, async () => (await this.look(role, name)) === undefined);
  }

  /** The row of a list or table that holds some words. WebKit gives a row no name of its content. */
  row(words: string): Promise<WebElement> {
    return this.until(`a row with ${words}`, async () => (await this.elements("[role=row], tr", words))[0]);
  }

  /** The elements that match and are shown; with `words`, those alone that hold them. */
  async elements(selector: string, words = ""): Promise<WebElement[]> {
    const elements: WebElement[] | null = await this.driver.executeScript(shownElements, selector, words);
    // A page that is being left answers with nothing.
    return elements ?? [];
  }

  async text(): Promise<string> {
    return (await this.driver.executeScript<string | null>(shownText)) ?? "";
  }

  async sees(words: Name): Promise<void> {
    await this.until(`the words ${words}`, async () => fits(await this.text(), words));
  }

  async at(path: Name): Promise<string> {
    return this.until(`the address ${path}`, async () => {
      const { pathname, search } = new URL(await this.driver.getCurrentUrl());
      const here = pathname + search;
      return (typeof path === "string" ? here === path : path.test(here)) && here;
    }) as Promise<string>;
  }

  async click(role: Role, name: Name): Promise<void> {
    await this.until(`the ${role} ${name}, to be pressed`, async () => this.#press(await this.look(role, name)));
  }

  /** @returns the element, if the mouse meets it: nothing else lies over it, and it does not move */
  async #press(element: WebElement | undefined): Promise<WebElement | undefined> {
    if (!element) return undefined;
    const where = () => this.driver.executeScript<string>(bringIntoReach, element);
    const place = await where();
    if (!place || place !== (await where())) return undefined;
    try {
      // As the mouse does it: chromedriver's own click does not find what lies in shadow roots inside of others.
      await this.driver.actions().move({ origin: element }).click().perform();
    } catch (thrown) {
      // Where pressing it leaves the page, the driver's answer may be lost: what comes of it is looked for next.
      const isLeft = await element.isEnabled().then(
        () => false,
        () => true,
      );
      if (!isLeft || thrown instanceof error.StaleElementReferenceError) throw thrown;
    }
    return element;
  }

  async fill(name: Name, text: string): Promise<void> {
    const field = await this.until(
      `the field ${name}`,
      async () => (await this.look("textbox", name)) ?? (await this.look("searchbox", name)),
    );
    await field.sendKeys(text);
  }

  /** Types, wherever the focus is. */
  async type(text: string): Promise<void> {
    await this.driver.actions().sendKeys(text).perform();
  }

  press(key: keyof typeof Key): Promise<void> {
    return this.type(Key[key] as string);
  }

  /** What has the focus, as the engine tells a screen reader. */
  async focused(): Promise<{ role: string; name: string }> {
    const element: WebElement | null = await this.driver.executeScript(focusedElement);
    if (!element) return { role: "", name: "" };
    const name = await element.getAccessibleName();
    // WebKitGTK tells of a select as of a button, with what is chosen in its name.
    if ((await element.getTagName()).toLowerCase() === "select") return { role: "combobox", name };
    return { role: await element.getAriaRole(), name };
  }

  async focusIsOn(role: string, name: Name): Promise<void> {
    let last: { role: string; name: string } | undefined;
    await this.until(`the focus on the ${role} ${name}`, async () => {
      last = await this.focused();
      return last.role === role && fits(last.name, name);
    }).catch((error: Error) => {
      throw new Error(`The focus is on ${JSON.stringify(last)}. ${error.message}`);
    });
  }

  async seesFocus(): Promise<void> {
    await this.until("a ring around what has the focus", () => this.driver.executeScript<boolean>(focusIsVisible));
  }
}
