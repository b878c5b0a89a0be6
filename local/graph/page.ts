export interface Page {
  status: number;
  html: string;
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');

const STYLE = `
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: #eef1f6; color: #1b1f29;
  font: 17px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { box-sizing: border-box; width: min(28rem, calc(100vw - 2rem)); padding: 2.5rem; background: #fff;
  border-radius: 12px; border-top: 6px solid #2456b3; box-shadow: 0 8px 28px rgb(27 31 41 / 12%); }
h1 { margin: 0 0 1.25rem; font-size: 1.5rem; line-height: 1.25; }
p { margin: 0 0 1rem; }
.address { padding: .6rem .8rem; background: #eef1f6; border-radius: 6px; font-weight: 600; overflow-wrap: anywhere; }
button, .onward { display: inline-block; margin-top: .5rem; padding: .65rem 1.9rem; border: 0; border-radius: 6px;
  background: #2456b3; color: #fff; font: inherit; font-weight: 600; text-decoration: none; cursor: pointer; }
button:hover, .onward:hover { background: #1b448f; }
button:focus-visible, .onward:focus-visible { outline: 3px solid #f0a92e; outline-offset: 2px; }
footer { margin-top: 1.75rem; color: #5c6475; font-size: .8rem; }
@media (prefers-color-scheme: dark) {
  body { background: #14171f; color: #e8ebf2; }
  main { background: #1f2430; box-shadow: none; }
  .address { background: #14171f; }
  footer { color: #a0a8ba; }
}`;

/** `content` is HTML already; the title is text. */
export function page(status: number, title: string, content: string): Page {
  return {
    status,
    html: `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}
</style>
<main>
<h1>${escapeHtml(title)}</h1>
${content}
<footer>Simulated Microsoft Graph on this machine. No mail was sent to anyone.</footer>
</main>
</html>
`,
  };
}

/** The ticket is in the URL, so it must not leak through a referrer, a cache or somebody else's frame. */
export const pageHeaders = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy':
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
};
