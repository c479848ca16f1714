// Security keys (WebAuthn): a button marked data-key="add" or "use" asks the browser for the key and sends its form.
type Json = Record<string, unknown>;

export function watchKeys(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-key]")) {
    button.addEventListener("click", () => void ask(button));
  }
}

async function ask(button: HTMLButtonElement): Promise<void> {
  const form = button.form;
  const field = form?.querySelector<HTMLInputElement>("input[name=credential]");
  const trouble = form?.querySelector<HTMLElement>("[data-key-trouble]");
  if (!form || !field) return;
  trouble?.setAttribute("hidden", "");
  button.disabled = true;
  try {
    const told = JSON.parse(document.getElementById(button.dataset.options ?? "")?.textContent ?? "{}") as { publicKey: Json };
    const answer = button.dataset.key === "add"
      ? await navigator.credentials.create({ publicKey: creation(told.publicKey) })
      : await navigator.credentials.get({ publicKey: request(told.publicKey) });
    field.value = JSON.stringify(written(answer as PublicKeyCredential));
    form.submit();
  } catch {
    // Cancelled, timed out or refused: the browser does not say which, to tell a false page nothing.
    trouble?.removeAttribute("hidden");
    button.disabled = false;
  }
}

// The server writes bytes as base64url. Browsers of the last years can read that by themselves
// (PublicKeyCredential.parseCreationOptionsFromJSON); those on office machines cannot.
function creation(told: Json): PublicKeyCredentialCreationOptions {
  const user = told.user as Json;
  return {
    ...told,
    challenge: bytes(told.challenge),
    user: { ...user, id: bytes(user.id) },
    excludeCredentials: known(told.excludeCredentials),
  } as unknown as PublicKeyCredentialCreationOptions;
}

function request(told: Json): PublicKeyCredentialRequestOptions {
  return { ...told, challenge: bytes(told.challenge), allowCredentials: known(told.allowCredentials) } as unknown as PublicKeyCredentialRequestOptions;
}

function known(told: unknown): Json[] {
  return ((told ?? []) as Json[]).map((one) => ({ ...one, id: bytes(one.id) }));
}

function written(credential: PublicKeyCredential): Json {
  const said = credential.response;
  const response: Json = { clientDataJSON: text(said.clientDataJSON) };
  if (said instanceof AuthenticatorAttestationResponse) {
    response.attestationObject = text(said.attestationObject);
    response.transports = said.getTransports?.() ?? [];
  } else if (said instanceof AuthenticatorAssertionResponse) {
    response.authenticatorData = text(said.authenticatorData);
    response.signature = text(said.signature);
    response.userHandle = said.userHandle ? text(said.userHandle) : null;
  }
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

function bytes(value: unknown): Uint8Array<ArrayBuffer> {
  const plain = atob(String(value).replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

function text(value: ArrayBuffer): string {
  const plain = String.fromCharCode(...new Uint8Array(value));
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}
