import { escapeHtml, page, type Page } from './page';
import { accept, lookUp, openShare, type Redeemable } from './redemption';
import { ticketIn } from './redeemUrl';
import type { Simulation } from './simulation';

/** `GET` of a redeem URL: the invitation with an Accept button, or 404 or 410 with what is wrong with it. */
export function showRedeemPage(simulation: Simulation, query: URLSearchParams): Page {
  const organisation = escapeHtml(simulation.tenant.organisation);
  const found = lookUp(simulation, ticketIn(query));
  switch (found.type) {
    case 'guest':
      return offer(
        `You are invited by ${simulation.tenant.organisation}`,
        `<p><strong>${organisation}</strong> invites</p>
<p class="address">${escapeHtml(found.ticket.email)}</p>
<p>to use its applications and resources as a guest. By accepting you let ${organisation} see your name and
e-mail address.</p>`,
      );
    case 'share':
      return offer(
        `${simulation.tenant.organisation} shares an item with you`,
        `<p><strong>${organisation}</strong> lets</p>
<p class="address">${escapeHtml(found.email)}</p>
<p>open an item (${found.share.roles.join(', ')}). By accepting you let ${organisation} see your name and e-mail
address.</p>`,
      );
    default:
      return unusable(found.type);
  }
}

const offer = (title: string, content: string): Page =>
  page(200, title, `${content}\n<form method="post"><button type="submit">Accept</button></form>`);

/** `POST` of the same URL, which is what the Accept button does. */
export function acceptByPage(simulation: Simulation, query: URLSearchParams): Page {
  const organisation = escapeHtml(simulation.tenant.organisation);
  const found = lookUp(simulation, ticketIn(query));
  switch (found.type) {
    case 'guest':
      accept(simulation, found.user);
      return page(
        200,
        'Invitation accepted',
        `<p class="address">${escapeHtml(found.ticket.email)}</p>
<p>is now a guest of <strong>${organisation}</strong>.</p>
${onwardLink(found.ticket.inviteRedirectUrl)}`,
      );
    case 'share':
      openShare(simulation, found.share, found.email);
      return page(
        200,
        'Invitation accepted',
        `<p class="address">${escapeHtml(found.email)}</p>
<p>has opened the item of <strong>${organisation}</strong>.</p>
${CLOSE}`,
      );
    default:
      return unusable(found.type);
  }
}

function unusable(type: Exclude<Redeemable['type'], 'guest' | 'share'>): Page {
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

const CLOSE = '<p>You can close this page.</p>';

/** Only http and https: a redirect URL comes from a caller, and `javascript:` is a URL too. */
function onwardLink(inviteRedirectUrl: string): string {
  const { protocol } = new URL(inviteRedirectUrl);
  if (protocol !== 'http:' && protocol !== 'https:') return CLOSE;
  return `<p><a class="onward" rel="noreferrer" href="${escapeHtml(inviteRedirectUrl)}">Continue</a></p>`;
}
