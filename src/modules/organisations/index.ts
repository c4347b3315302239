/** What other modules may call: the names of territories, the roles, the settings in force. */
export { intermunicipalityNames } from './municipalities.ts';
export { letting, type Role, roleNames, staff } from './rules/roles.ts';
export { chosenSetting, settingOn, settingsOn, valueOrDefault } from './settings.ts';
