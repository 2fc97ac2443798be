// A small client of the DevTools protocol over Chromium's own pipe: no packages, no open port.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PLACES = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"];

/** The browser's path, or undefined where there is none. */
export const chromium = () => PLACES.find((path) => path && existsSync(path));

export class Browser {
  #next = 1;
  #waiting = new Map();
  #listeners = new Set();

  constructor() {
    this.profile = mkdtempSync(join(tmpdir(), "oomph-browser-"));
    this.child = spawn(chromium(), ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
      "--disable-background-networking", "--hide-scrollbars", "--remote-debugging-pipe", `--user-data-dir=${this.profile}`, "about:blank"],
    { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
    let text = "";
    this.child.stdio[4].setEncoding("utf8").on("data", (chunk) => {
      const parts = (text + chunk).split("\0");
      text = parts.pop();
      for (const part of parts) this.#receive(JSON.parse(part));
    });
  }

  #receive(message) {
    if (message.id) {
      const { resolve, reject } = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      if (message.error) reject(new Error(message.error.message));
      else resolve(message.result);
    } else for (const listener of this.#listeners) listener(message);
  }

  send(method, params = {}, sessionId = undefined) {
    const id = this.#next++;
    this.child.stdio[3].write(JSON.stringify({ id, method, params, sessionId }) + "\0");
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  listen(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async page(options = {}) {
    const { targetId } = await this.send("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await this.send("Target.attachToTarget", { targetId, flatten: true });
    const page = new Page(this, sessionId, targetId);
    await page.prepare(options);
    return page;
  }

  async close() {
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    await Promise.race([this.send("Browser.close").catch(() => {}), new Promise((r) => setTimeout(r, 2000))]);
    const late = setTimeout(() => this.child.kill("SIGKILL"), 3000);
    await ended;
    clearTimeout(late);
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

export class Page {
  /** What went wrong in the page: exceptions, console errors, policy violations. */
  problems = [];
  /** What the page asked for over the network. */
  requests = [];

  constructor(browser, session, target) {
    Object.assign(this, { browser, session, target });
  }

  send(method, params) {
    return this.browser.send(method, params, this.session);
  }

  async prepare({ width = 1280, height = 800, scale = 1, dark = false, language = "en-US", scripts = true, print = false }) {
    this.stop = this.browser.listen(({ method, params, sessionId }) => {
      if (sessionId !== this.session) return;
      if (method === "Runtime.exceptionThrown") this.problems.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
      if (method === "Log.entryAdded" && params.entry.level !== "verbose" && params.entry.level !== "info") this.problems.push(params.entry.text);
      if (method === "Runtime.consoleAPICalled" && params.type === "error") this.problems.push(JSON.stringify(params.args));
      if (method === "Network.requestWillBeSent" && !params.request.url.startsWith("data:")) this.requests.push(params.request.url);
      if (method === "Page.javascriptDialogOpening") this.problems.push("dialog: " + params.message);
    });
    for (const domain of ["Page", "Runtime", "Log", "Network"]) await this.send(domain + ".enable");
    await this.send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: scale, mobile: width < 600 });
    await this.send("Emulation.setEmulatedMedia", {
      media: print ? "print" : "",
      features: [{ name: "prefers-color-scheme", value: dark ? "dark" : "light" }, { name: "prefers-reduced-motion", value: "reduce" }],
    });
    await this.send("Emulation.setLocaleOverride", { locale: language }).catch(() => {});
    await this.send("Network.setUserAgentOverride", { userAgent: "test", acceptLanguage: language });
    if (!scripts) await this.send("Emulation.setScriptExecutionDisabled", { value: true });
  }

  /** Opens an address; gives milliseconds until it was drawn. */
  async open(url) {
    const loaded = new Promise((resolve) => {
      const stop = this.browser.listen(({ method, sessionId }) => {
        if (sessionId === this.session && method === "Page.loadEventFired") {
          stop();
          resolve();
        }
      });
    });
    const start = performance.now();
    await this.send("Page.navigate", { url });
    await loaded;
    return performance.now() - start;
  }

  /** The value of an expression in the page. */
  async run(expression) {
    const { result, exceptionDetails } = await this.send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true, userGesture: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  async key(key) {
    const code = { Tab: 9, Enter: 13, Escape: 27, ArrowRight: 39, ArrowDown: 40 }[key];
    for (const type of ["keyDown", "keyUp"]) {
      await this.send("Input.dispatchKeyEvent", { type, key, code: key, windowsVirtualKeyCode: code, text: key === "Enter" && type === "keyDown" ? "\r" : undefined });
    }
  }

  async picture(whole = false) {
    let clip;
    if (whole) {
      const { cssContentSize: { width, height } } = await this.send("Page.getLayoutMetrics");
      clip = { x: 0, y: 0, width, height: Math.min(height, 16000), scale: 1 };
    }
    const { data } = await this.send("Page.captureScreenshot", { format: "png", captureBeyondViewport: whole, clip });
    return Buffer.from(data, "base64");
  }

  async close() {
    this.stop();
    await this.browser.send("Target.closeTarget", { targetId: this.target });
  }
}
