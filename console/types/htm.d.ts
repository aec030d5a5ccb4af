import type { VNode } from "preact";

/** What a template is given. Its package takes any[], with which functions written in a template would have no types. */
type Given = ((...given: any[]) => any) | { [name: string]: Given } | Given[] | object | string | number | boolean | null | undefined;

export function html(strings: TemplateStringsArray, ...values: Given[]): VNode;
