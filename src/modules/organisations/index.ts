/** What other modules may call: the names of territories, the roles, the settings in force. */
export { requireFree } from './actions/settings.ts';
export { intermunicipalityNames } from './municipalities.ts';
export { letting, type Role, roleNames, staff } from './rules/roles.ts';
export { choiceInForce, nextChoice } from './rules/setting-in-force.ts';
export {
  chosenSetting,
  flowSettings,
  putInForce,
  requireSettingValue,
  settingOn,
  settingsOn,
  valueOrDefault,
  valuesOrDefaults,
} from './settings.ts';
