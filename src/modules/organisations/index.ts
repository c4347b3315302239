/** What other modules may call: the roles, the settings in force. */
export { letting, type Role, roleNames, staff } from './rules/roles.ts';
export { chosenSetting, settingOn, settingsOn, valueOrDefault } from './settings.ts';
