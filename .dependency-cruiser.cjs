/** Dependencies point one way: features, cli → bulk → summary → context → repository → partition → syntax; store, settings and types at the bottom. */
const layers = ['types', 'syntax', 'partition', 'repository', 'context', 'summary'];
const above = (layer) => layers.slice(layers.indexOf(layer) + 1);

/** `test/rules` plants one violation of each rule under this root, so every rule names its folders relative to it. */
const server = process.env['CODEGLOSS_RULE_ROOT'] ?? 'server/src';

module.exports = {
  forbidden: [
    ...layers.slice(0, -1).map((layer) => ({
      name: `${layer}-knows-nothing-above`,
      severity: 'error',
      from: { path: `^${server}/${layer}/` },
      to: { path: `^${server}/(${[...above(layer), 'features', 'cli', 'model'].join('|')})/` },
    })),
    {
      name: 'summary-knows-no-feature',
      severity: 'error',
      from: { path: `^${server}/summary/` },
      to: { path: `^${server}/(features|cli|model|bulk)/` },
    },
    {
      name: 'bulk-knows-no-feature',
      severity: 'error',
      from: { path: `^${server}/bulk/` },
      to: { path: `^${server}/(features|cli|model)/` },
    },
    {
      name: 'store-and-settings-lie-at-the-bottom',
      severity: 'error',
      from: { path: `^${server}/(store/|settings\\.ts|protocol(Views)?\\.ts)` },
      to: { path: `^${server}/(syntax|partition|repository|context|summary|model|features|cli)/` },
    },
    {
      name: 'agents-know-no-entry',
      severity: 'error',
      from: { path: `^${server}/agents/` },
      to: { path: `^${server}/(features|cli)/` },
    },
    {
      name: 'nothing-below-knows-agents',
      severity: 'error',
      from: { path: `^${server}/(${layers.join('|')}|store|model)/` },
      to: { path: `^${server}/(agents|drift)/` },
    },
    {
      name: 'model-implements-ports-only',
      severity: 'error',
      from: { path: `^${server}/model/` },
      to: { path: `^${server}/(features|cli)/` },
    },
    {
      name: 'only-features-speak-lsp',
      severity: 'error',
      from: { path: `^${server}/`, pathNot: `^${server}/(features/|languageServer\\.ts|main\\.ts|cli/lsp\\.ts)` },
      to: { path: 'node_modules/vscode-languageserver(-protocol|-textdocument)?/' },
    },
    {
      name: 'server-never-imports-the-editor',
      severity: 'error',
      from: { path: `^${server}/` },
      to: { path: '(^vscode$|@types/vscode|^client/)' },
    },
    {
      name: 'client-takes-only-the-protocol',
      severity: 'error',
      from: { path: '^client/src/' },
      to: { path: '^server/src/', pathNot: '^server/src/(protocol|protocolViews|settings)\\.ts$|^server/src/types/' },
    },
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(dist|out|test/fixtures)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.mjs', '.js'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
};
