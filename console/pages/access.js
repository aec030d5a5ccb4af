// @ts-check
/** Access: API keys and users, with their rights and limits. */
import { useState } from "preact/hooks";
import { html } from "htm/preact";
import { path } from "../api.js";
import { me } from "../state.js";
import { t, when } from "../texts.js";
import { Action } from "../parts/action.js";
import { Dialog } from "../parts/dialog.js";
import { Creation, rights } from "../parts/form.js";
import { loaded, useRead } from "../parts/load.js";
import { State } from "../parts/state.js";
import { Table } from "../parts/table.js";
import { Tabs } from "../parts/tabs.js";

export default function Access() {
  return html`<h1>${t("page.access")}</h1>
    <p>${t("access.you", { name: me.value.name, right: t(`right.${me.value.right}`) })}</p>
    <${Tabs} label=${t("page.access")} tabs=${[
      { id: "keys", title: t("access.keys"), show: () => html`<${Keys} />` },
      { id: "users", title: t("access.users"), show: () => html`<${Users} />` },
    ]} />`;
}

const limits = () => [
  { name: "projects", title: t("access.projects"), type: "list", hint: t("access.projects.hint") },
  { name: "tags", title: t("access.tags"), type: "list", hint: t("access.tags.hint") },
];

/** @param {Api.User | Api.Key} each */
const limited = (each) => [...each.projects, ...each.tags, ...("addresses" in each ? each.addresses : [])].join(", ");

function Keys() {
  const keys = useRead("api-keys");
  const [made, setMade] = useState("");
  /** @param {import("../api.js").Answer} answer */
  const done = (answer) => {
    setMade(answer.data.apiKey);
    keys.reload();
  };
  return html`<${Creation} title=${t("access.key.create")} onDone=${done} request=${(body) => ({ method: "POST", path: "api-keys", body })}
      fields=${[
        { name: "name", title: t("name"), required: true },
        { name: "right", title: t("right"), type: "select", options: rights() },
        { name: "expiresInDays", title: t("access.days"), type: "number", value: 365, required: true, hint: t("access.days.hint") },
        ...limits(),
        { name: "addresses", title: t("access.addresses"), type: "list", hint: t("access.addresses.hint") },
      ]} />
    ${made &&
    html`<${Dialog} title=${t("access.key.made")} onClose=${() => setMade("")}>
      <p>${t("access.key.once")}</p><pre tabindex="0">${made}</pre>
      <button type="button" onClick=${() => navigator.clipboard.writeText(made)}>${t("copy")}</button>
    <//>`}
    ${loaded(keys, (rows) => html`<${Table} label=${t("access.keys")} rows=${rows} keyOf=${(key) => key.id} empty=${t("access.keys.none")}
        columns=${[
          { id: "name", title: t("name"), sort: true, wide: true },
          { id: "right", title: t("right"), sort: true, show: (key) => t(`right.${key.right}`) },
          { id: "limits", title: t("access.limits"), show: limited },
          { id: "expiresAt", title: t("access.expires"), sort: true, show: (key) => (key.expiresAt ? when(key.expiresAt) : t("never")) },
          { id: "lastUsedAt", title: t("access.used"), sort: true, show: (key) => (key.lastUsedAt ? when(key.lastUsedAt) : t("never")) },
          {
            id: "actions",
            title: t("actions"),
            show: (key) => html`<${Action} right="administrator" confirm=${t("access.key.rotate.sure", { name: key.name })}
              request=${{ method: "POST", path: path`api-keys/${key.id}/actions/rotate` }} onDone=${done}>${t("access.key.rotate")}<//>
              <${Action} right="administrator" confirm=${t("access.key.revoke.sure", { name: key.name })}
                request=${{ method: "DELETE", path: path`api-keys/${key.id}` }} onDone=${keys.reload}>${t("access.key.revoke")}<//>`,
          },
        ]} />`)}`;
}

function Users() {
  const users = useRead("users");
  /** @param {Api.User} user @param {any} body */
  const change = (user, body) => ({ method: "PATCH", path: path`users/${user.name}`, body });
  return html`<${Creation} title=${t("access.user.create")} onDone=${users.reload} request=${(body) => ({ method: "POST", path: "users", body })}
      fields=${[
        { name: "userName", title: t("login.name"), required: true },
        { name: "password", title: t("login.password"), type: "password", required: true, hint: t("access.password.hint") },
        { name: "right", title: t("right"), type: "select", options: rights() },
        ...limits(),
      ]} />
    ${loaded(users, (rows) => html`<${Table} label=${t("access.users")} rows=${rows} keyOf=${(user) => user.name} empty=${t("access.users.none")}
        columns=${[
          { id: "name", title: t("name"), sort: true, wide: true },
          { id: "right", title: t("right"), sort: true, show: (user) => t(`right.${user.right}`) },
          { id: "limits", title: t("access.limits"), show: limited },
          { id: "enabled", title: t("state"),
            show: (user) => html`<${State} state=${user.enabled ? "enabled" : "disabled"} kind=${user.enabled ? "good" : "idle"} />` },
          { id: "lastLoginAt", title: t("access.login"), sort: true, show: (user) => (user.lastLoginAt ? when(user.lastLoginAt) : t("never")) },
          {
            id: "actions",
            title: t("actions"),
            show: (user) => html`<${Action} right="administrator" request=${change(user, { enabled: !user.enabled })}
              onDone=${users.reload}>${t(user.enabled ? "disable" : "enable")}<//>
              <${Action} right="administrator" request=${{ method: "POST", path: path`users/${user.name}/actions/logout` }}
                onDone=${users.reload}>${t("access.user.logout")}<//>
              <${Action} right="administrator" confirm=${t("access.user.remove.sure", { name: user.name })}
                request=${{ method: "DELETE", path: path`users/${user.name}` }} onDone=${users.reload}>${t("remove")}<//>`,
          },
        ]} />`)}`;
}
