import { accept, lookUp } from './redemption';
import { ticketIn } from './redeemUrl';
import type { Simulation } from './simulation';

export interface Page {
  status: number;
  html: string;
}

/** `GET` of a redeem URL: the invitation with an Accept button, or 404 or 410 with what is wrong with it. */
export function showRedeemPage(simulation: Simulation, query: URLSearchParams): Page {
  const { organisation } = simulation.tenant;
  const found = lookUp(simulation, ticketIn(query));
  if (found.type !== 'open') return unusable(found.type);
  return page(
    200,
    `You are invited by ${organisation}`,
    `<p><strong>${escapeHtml(organisation)}</strong> invites</p>
<p class="address">${escapeHtml(found.ticket.email)}</p>
<p>to use its applications and resources as a guest. By accepting you let ${escapeHtml(organisation)} see your name and
e-mail address.</p>
<form method="post"><button type="submit">Accept</button></form>`,
  );
}

/** `POST` of the same URL, which is what the Accept button does. */
export function acceptByPage(simulation: Simulation, query: URLSearchParams): Page {
  const found = lookUp(simulation, ticketIn(query));
  if (found.type !== 'open') return unusable(found.type);
  accept(simulation, found.user);
  return page(
    200,
    'Invitation accepted',
    `<p class="address">${escapeHtml(found.ticket.email)}</p>
<p>is now a guest of <strong>${escapeHtml(simulation.tenant.organisation)}</strong>.</p>
${onwardLink(found.ticket.inviteRedirectUrl)}`,
  );
}

function unusable(type: 'unknown' | 'void' | 'used'): Page {
  switch (type) {
    case 'unknown':
      return page(404, 'Unknown invitation', '<p>This link belongs to no invitation. Was it copied as a whole?</p>');
    case 'void':
      return page(
        410,
        'Invitation no longer valid',
        '<p>This invitation was withdrawn or renewed. Please use the link in the newest mail.</p>',
      );
    case 'used':
      return page(410, 'Already accepted', '<p>This invitation has been accepted. There is nothing left to do.</p>');
  }
}

/** Only http and https: a redirect URL comes from a caller, and `javascript:` is a URL too. */
function onwardLink(inviteRedirectUrl: string): string {
  const { protocol } = new URL(inviteRedirectUrl);
  if (protocol !== 'http:' && protocol !== 'https:') return '<p>You can close this page.</p>';
  return `<p><a class="onward" rel="noreferrer" href="${escapeHtml(inviteRedirectUrl)}">Continue</a></p>`;
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
function page(status: number, title: string, content: string): Page {
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
