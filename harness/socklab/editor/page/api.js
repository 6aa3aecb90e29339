// Asking the server. The token goes into a header that no other web site can send, and never into a cookie or an address.

/** Nobody answered. */
export class Away extends Error {}

/** The server said no. `status`: HTTP's; `told`: what it says, with a sentence as `error`. */
export class Refused extends Error {
  constructor(status, told) {
    super(told.error ?? `HTTP ${status}`);
    this.status = status;
    this.told = told;
  }
}

const PLACE = "socklab-token";
const given = document.querySelector('meta[name="socklab-token"]')?.content;
/** Whether somebody in front of the server lets people in, and the page came with its token. */
export const behindProxy = Boolean(given);

let token = given || sessionStorage.getItem(PLACE) || "";

/** Use another token from now on, in this tab also after a reload. */
export function useToken(text) {
  token = text;
  sessionStorage.setItem(PLACE, text);
}

/** The one that is used; empty if there is none yet. */
export const theToken = () => token;

async function answer(method, path, body, { accept = "application/json", ...more } = {}) {
  const headers = { Accept: accept, Authorization: `Socklab ${token}` };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let response;
  try {
    // Relative to the page, which may live below a prefix.
    response = await fetch(new URL(`api/${path}`, document.baseURI), {
      method, headers, body: body === undefined ? undefined : JSON.stringify(body), cache: "no-store", redirect: "error", ...more,
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Away();
  }
  if (response.ok) return response;
  let told = {};
  try {
    told = await response.json();
  } catch { /* a proxy's page: its status is all that can be used */ }
  if ([502, 503, 504].includes(response.status)) throw new Away();
  throw new Refused(response.status, told);
}

async function read(response) {
  try {
    return response.status === 204 ? {} : await response.json();
  } catch {
    throw new Away();
  }
}

export const get = async path => read(await answer("GET", path));

/** `lasting`, here and below: the browser sends it even if the page is left at once. */
export const post = async (path, body, lasting = false) => read(await answer("POST", path, body, { keepalive: lasting }));

export const put = async (path, body, lasting = false) => read(await answer("PUT", path, body, { keepalive: lasting }));

/** The events of a stream, one after the other. Throws Away if it breaks off in the middle of a line, or could not begin. */
export async function* stream(method, path, body, signal) {
  // The type is what makes jupyter-server-proxy pass on each line when it comes.
  const response = await answer(method, path, body, { accept: "text/event-stream", signal });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  let done = false;
  try {
    while (!done) {
      const part = await reader.read();
      done = part.done;
      const lines = (rest + (part.value ?? "")).split("\n");
      rest = lines.pop();
      for (const line of lines) if (line.trim()) yield JSON.parse(line);
    }
  } catch (error) {
    if (error.name === "AbortError" || error instanceof SyntaxError) throw error;
    throw new Away();
  } finally {
    if (!done) reader.cancel().catch(() => {}); // whoever read it has seen enough
  }
  if (rest.trim()) throw new Away();
}
