import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readJson, readText } from '../../support/bicep';

const SCRIPT = join(__dirname, '../../../infra/graphRoles/grant.sh');
const PRINCIPAL = '11111111-2222-3333-4444-555555555555';

/** An `az` that knows three app roles, says that one is granted, and notes what is posted. */
const AZ = `#!/usr/bin/env bash
case "$*" in
  *"--query id "*) echo graph-object-id ;;
  *appRoleAssignments*--method\\ post*|*post*appRoleAssignments*) echo "$*" >> "$POSTED" ;;
  *appRoleAssignments*) echo id-of-User.Invite.All ;;
  *"'User.Invite.All'"*) echo id-of-User.Invite.All ;;
  *"'User.Read.All'"*) echo id-of-User.Read.All ;;
  *"'User.ReadWrite.All'"*) echo id-of-User.ReadWrite.All ;;
esac
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'grant-'));
  writeFileSync(join(folder, 'az'), AZ);
  chmodSync(join(folder, 'az'), 0o755);
  writeFileSync(join(folder, 'posted'), '');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function grant(...args: string[]) {
  const env = { ...process.env, PATH: `${folder}:${process.env['PATH'] ?? ''}`, POSTED: join(folder, 'posted') };
  const { status, stdout, stderr } = spawnSync('bash', [SCRIPT, ...args], { encoding: 'utf8', env });
  return { status, stdout, stderr, posted: readFileSync(join(folder, 'posted'), 'utf8') };
}

const dryRun = (...args: string[]): string =>
  execFileSync('bash', [SCRIPT, PRINCIPAL, ...args, '--dry-run'], { encoding: 'utf8' });

describe('infra/graphRoles/grant.sh', () => {
  it.each([
    [[], 'User.Invite.All User.Read.All'],
    [['--changes-guests'], 'User.Invite.All User.ReadWrite.All'],
    [['--joins-groups'], 'User.Invite.All User.Read.All GroupMember.ReadWrite.All'],
    [
      ['--changes-guests', '--joins-groups', '--shares-items'],
      'User.Invite.All User.ReadWrite.All GroupMember.ReadWrite.All Sites.Selected',
    ],
  ])('asks for no more than %j needs', (args, roles) => {
    expect(dryRun(...args)).toBe(`Would grant ${roles} to ${PRINCIPAL}\n`);
  });

  it('grants what is not granted yet, to the identity, of Microsoft Graph', () => {
    const { status, stdout, posted } = grant(PRINCIPAL);
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: 'User.Invite.All: granted already\nUser.Read.All: granted\n',
    });
    expect(posted.trim().split('\n')).toHaveLength(1);
    expect(posted).toContain(
      `{"principalId":"${PRINCIPAL}","resourceId":"graph-object-id","appRoleId":"id-of-User.Read.All"}`,
    );
  });

  it('stops at an app role that the tenant does not know, rather than take it for granted', () => {
    const { status, stderr, posted } = grant(PRINCIPAL, '--joins-groups');
    expect(status).toBe(1);
    expect(stderr).toContain('GroupMember.ReadWrite.All: Microsoft Graph of this tenant has no such app role');
    expect(posted).not.toContain('GroupMember');
  });

  it.each([[[]], [['no-guid']], [[PRINCIPAL, PRINCIPAL]], [[PRINCIPAL, '--everything']]])(
    'says how it is used when it is given %j',
    (args) => {
      const { status, stderr, posted } = grant(...args);
      expect(status).toBe(64);
      expect(stderr).toContain('grant.sh PRINCIPAL_ID [--changes-guests]');
      expect(posted).toBe('');
    },
  );
});

describe('infra/graphRoles/main.bicep', () => {
  const template = readText('infra/graphRoles/main.bicep');

  it('grants the same app roles as the script, by name', () => {
    const names = (text: string) => [...new Set(text.match(/\b(?:User|GroupMember|Sites)\.[A-Z][\w.]+/g))].sort();
    expect(names(template)).toEqual(names(readFileSync(SCRIPT, 'utf8')));
    expect(template).toContain('filter(graph.appRoles, appRole => appRole.value == role)[0].id');
  });

  it('stands by itself, with the Microsoft Graph extension', () => {
    expect(readJson('infra/graphRoles/bicepconfig.json')).toEqual({
      extensions: { microsoftGraphV1: 'br:mcr.microsoft.com/bicep/extensions/microsoftgraph/v1.0:1.0.0' },
    });
    expect(readText('infra/main.bicep')).not.toContain('graphRoles');
  });
});
