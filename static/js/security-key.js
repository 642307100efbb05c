// A security key, by allauth's own scripts: a form that is there only where the browser knows keys, and a word when it fails.
{
  const form = document.querySelector("#key-form");
  const failed = document.querySelector("#key-failed");
  if (form && window.webauthnJSON?.supported()) {
    const ids = { add: "key-button", authenticate: "key-button", credential: "key-credential", data: "key-data" };
    const { addForm, authenticateForm } = window.allauth.webauthn.forms;
    (form.dataset.key === "add" ? addForm : authenticateForm)({ ids });
    form.hidden = false;
    document.addEventListener("allauth.error", (event) => {
      event.preventDefault();
      failed.hidden = false;
    });
  }
}
