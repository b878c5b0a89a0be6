import { parse } from 'jsonc-parser';
import { DEFAULT_PORTS } from '../../../local/startLocal';
import { readText } from '../../support/bicep';

interface Editor {
  tasks: { tasks: { label: string; script?: string; dependsOn?: string; isBackground?: boolean }[] };
  launch: {
    configurations: { name: string; preLaunchTask?: string; runtimeExecutable?: string; runtimeArgs?: string[] }[];
  };
  settings: Record<string, unknown>;
  extensions: { recommendations: string[] };
  container: { forwardPorts: number[]; customizations: { vscode: { extensions: string[] } } };
}

const readJsonc = (path: string): unknown => parse(readText(path));

const EDITOR: Editor = {
  tasks: readJsonc('.vscode/tasks.json') as Editor['tasks'],
  launch: readJsonc('.vscode/launch.json') as Editor['launch'],
  settings: readJsonc('.vscode/settings.json') as Editor['settings'],
  extensions: readJsonc('.vscode/extensions.json') as Editor['extensions'],
  container: readJsonc('.devcontainer/devcontainer.json') as Editor['container'],
};

const { scripts: SCRIPTS } = readJsonc('package.json') as { scripts: Record<string, string> };

/** What the editor's files name and is not there, and what they say twice and differently. */
function editorFaults({ tasks, launch, settings, extensions, container }: Editor): string[] {
  const labels = tasks.tasks.map(({ label }) => label);
  const named = [
    ...tasks.tasks.map(({ dependsOn }) => dependsOn),
    ...launch.configurations.map(({ preLaunchTask }) => preLaunchTask),
    String(settings['azureFunctions.preDeployTask']),
  ].filter((label) => label !== undefined);
  const run = launch.configurations.flatMap(({ runtimeExecutable, runtimeArgs }) =>
    runtimeExecutable === 'npm' ? (runtimeArgs ?? []).filter((arg) => arg !== 'run') : [],
  );
  const inContainer = container.customizations.vscode.extensions;
  return [
    ...named.filter((label) => !labels.includes(label)).map((label) => `there is no task ${label}`),
    ...[...tasks.tasks.flatMap(({ script }) => script ?? []), ...run]
      .filter((script) => SCRIPTS[script] === undefined)
      .map((script) => `there is no script ${script}`),
    ...extensions.recommendations
      .filter((one) => !inContainer.includes(one))
      .map((one) => `the container lacks ${one}`),
    ...container.forwardPorts
      .filter((port) => !Object.values<number>(DEFAULT_PORTS).includes(port))
      .map((port) => `nothing listens on ${port}`),
  ];
}

describe('tasks, launch configurations and devcontainer', () => {
  it('name tasks, scripts, ports and extensions that are there', () => {
    expect(editorFaults(EDITOR)).toEqual([]);
  });

  it.each<[string, (editor: Editor) => unknown, string]>([
    [
      'a launch before a task that is not there',
      ({ launch }) => (launch.configurations[1]!.preLaunchTask = 'func'),
      'there is no task func',
    ],
    [
      'a task of a script that is not there',
      ({ tasks }) => (tasks.tasks[0]!.script = 'compile'),
      'there is no script compile',
    ],
    [
      'a launch of a script that is not there',
      ({ launch }) => (launch.configurations[0]!.runtimeArgs = ['run', 'dev']),
      'there is no script dev',
    ],
    ['a port that nothing listens on', ({ container }) => container.forwardPorts.push(7070), 'nothing listens on 7070'],
    [
      'an extension that the container lacks',
      ({ extensions }) => extensions.recommendations.push('a.b'),
      'the container lacks a.b',
    ],
  ])('are found to have %s', (_, plant, fault) => {
    const editor = structuredClone(EDITOR);
    plant(editor);
    expect(editorFaults(editor)).toEqual([fault]);
  });
});
