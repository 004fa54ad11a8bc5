import * as vscode from 'vscode';
import type { ProviderId } from '../../server/src/types/summary.ts';
import { type ApiKeys, isKeyed } from './apiKeys.ts';
import { automaticMeaning } from './automaticNotice.ts';
import { isLocal, readModelSettings, writeModelSettings } from './modelSettings.ts';

interface Choice<Value> extends vscode.QuickPickItem {
  readonly value: Value;
}

interface Chosen {
  readonly provider: ProviderId;
  readonly model: string;
  readonly endpoint: string;
}

/** Select Model: who writes summaries, which model, and whether it may start by itself. Nothing is written until all is answered. */
export async function selectModel(keys: ApiKeys, hasEmbedded: boolean): Promise<void> {
  const provider = await pickProvider(hasEmbedded);
  if (provider === undefined) return;
  const chosen = await complete(provider);
  if (chosen === undefined) return;
  const automatic = isLocal(chosen) ? false : await pickAutomatic(chosen);
  if (automatic === undefined) return;
  // First the switch, so that a new provider never starts by itself on the old one's permission.
  await writeModelSettings(automatic ? { automatic: false } : { automatic });
  await writeModelSettings(chosen);
  if (automatic) await writeModelSettings({ automatic });
  if (isKeyed(provider) && !isLocal(chosen) && !(await keys.has(provider))) await keys.ask(provider);
}

async function pickProvider(hasEmbedded: boolean): Promise<ProviderId | undefined> {
  const { provider: current } = readModelSettings();
  const embedded: Choice<ProviderId> = {
    label: vscode.l10n.t('Embedded model'),
    description: vscode.l10n.t('offline'),
    detail: vscode.l10n.t('A small model inside the extension. Nothing leaves this machine.'),
    value: 'embedded',
  };
  const items: readonly Choice<ProviderId>[] = [
    {
      label: vscode.l10n.t('Outline'),
      description: vscode.l10n.t('offline, no model'),
      detail: vscode.l10n.t('Plain sentences read off the code and its comments. Nothing leaves this machine.'),
      value: 'outline',
    },
    ...(hasEmbedded ? [embedded] : []),
    {
      label: 'Anthropic',
      description: 'Claude',
      detail: vscode.l10n.t('Needs an API key; billed by use.'),
      value: 'anthropic',
    },
    {
      label: vscode.l10n.t('OpenAI-compatible server'),
      description: 'Ollama, vLLM, llama.cpp, LM Studio, OpenAI',
      detail: vscode.l10n.t('Give its address; a server on this machine keeps everything local.'),
      value: 'openai',
    },
    {
      label: vscode.l10n.t("The editor's language models"),
      description: vscode.l10n.t('for example Copilot'),
      detail: vscode.l10n.t("Uses the models that the editor offers, under your subscription's terms."),
      value: 'editor',
    },
  ];
  const picked = await vscode.window.showQuickPick(
    items.map((item) =>
      item.value === current ? { ...item, description: vscode.l10n.t('{0} · in use', item.description ?? '') } : item,
    ),
    { title: `CodeGloss: ${vscode.l10n.t('who writes summaries?')}`, matchOnDetail: true, ignoreFocusOut: true },
  );
  return picked?.value;
}

/** Model and address for a provider; undefined when the user gave up. */
async function complete(provider: ProviderId): Promise<Chosen | undefined> {
  const current = readModelSettings();
  const known = current.provider === provider ? current : { model: '', endpoint: '' };
  switch (provider) {
    case 'outline':
    case 'embedded':
      return { provider, model: '', endpoint: '' };
    case 'editor': {
      const model = await pickEditorModel();
      return model === undefined ? undefined : { provider, model, endpoint: '' };
    }
    case 'anthropic': {
      const model = await input(
        vscode.l10n.t('Model name; leave empty for the default'),
        known.model,
        'claude-haiku-5-5',
      );
      return model === undefined ? undefined : { provider, model, endpoint: known.endpoint };
    }
    case 'openai': {
      const endpoint = await input(
        vscode.l10n.t('Base address of the server; leave empty for Ollama on this machine'),
        known.endpoint,
        'http://localhost:11434/v1',
        (value) =>
          value === '' || isWebAddress(value)
            ? undefined
            : vscode.l10n.t('An address that starts with http:// or https://'),
      );
      if (endpoint === undefined) return undefined;
      const model = await input(vscode.l10n.t('Model name, as the server calls it'), known.model, 'qwen2.5-coder');
      return model === undefined ? undefined : { provider, model, endpoint };
    }
  }
}

function isWebAddress(value: string): boolean {
  return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
}

async function input(
  prompt: string,
  value: string,
  placeHolder: string,
  validateInput?: (value: string) => string | undefined,
): Promise<string | undefined> {
  const answer = await vscode.window.showInputBox({
    title: `CodeGloss: ${vscode.l10n.t('Select Model')}`,
    prompt,
    value,
    placeHolder,
    ignoreFocusOut: true,
    ...(validateInput === undefined ? {} : { validateInput: (text: string) => validateInput(text.trim()) }),
  });
  return answer?.trim();
}

async function pickEditorModel(): Promise<string | undefined> {
  const models = await vscode.lm.selectChatModels();
  if (models.length === 0) {
    void vscode.window.showWarningMessage(
      vscode.l10n.t('The editor offers no language model. Install or sign in to one, then choose again.'),
    );
    return undefined;
  }
  const items: Choice<string>[] = models.map((model) => ({
    label: model.name,
    description: `${model.vendor} · ${model.family}`,
    value: model.id,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: `CodeGloss: ${vscode.l10n.t('which model?')}`,
    ignoreFocusOut: true,
  });
  return picked?.value;
}

async function pickAutomatic(chosen: Chosen): Promise<boolean | undefined> {
  const items: Choice<boolean>[] = [
    {
      label: vscode.l10n.t('Only when I ask'),
      detail: vscode.l10n.t('A link above each function and in the hover asks for its summary.'),
      value: false,
    },
    { label: vscode.l10n.t('For everything I look at'), detail: automaticMeaning(chosen), value: true },
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title: `CodeGloss: ${vscode.l10n.t('when may source be sent?')}`,
    ignoreFocusOut: true,
  });
  return picked?.value;
}
