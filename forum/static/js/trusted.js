// The one place where markup becomes part of a page: a message's body_html, which the server has
// rendered and sanitized. Where the browser knows Trusted Types, nothing else can do it.
const policy = window.trustedTypes?.createPolicy("handrail", { createHTML: (markup) => markup });

export function setBody(element, bodyHtml) {
  element.innerHTML = policy ? policy.createHTML(bodyHtml) : bodyHtml;
}
