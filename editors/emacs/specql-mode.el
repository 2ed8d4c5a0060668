;;; specql-mode.el --- SpecQL entity files -*- lexical-binding: t; -*-

;; Version: 0.1.0
;; Package-Requires: ((emacs "28.1"))
;; Keywords: languages
;; URL: https://github.com/specql/specql-lsp

;;; Commentary:

;; A mode for SpecQL entity files, and the language server `specql-lsp' in Eglot and in lsp-mode.  YAML
;; files with `entity' in their root are SpecQL, whatever they are called; other YAML is left alone.

;;; Code:

(require 'jsonrpc)

(defgroup specql nil
  "SpecQL entity files."
  :group 'languages)

(defcustom specql-server-command '("specql-lsp" "serve" "--stdio")
  "How the language server is started."
  :type '(repeat string))

(defcustom specql-preview-delay 0.5
  "Seconds without an edit before a preview is asked for again."
  :type 'number)

(defconst specql--looked-at 16384
  "Characters of a file in which the key `entity' is looked for.")

(defvar specql-mode-syntax-table
  (let ((table (make-syntax-table)))
    (modify-syntax-entry ?# "<" table)
    (modify-syntax-entry ?\n ">" table)
    (modify-syntax-entry ?_ "_" table)
    (modify-syntax-entry ?\" "\"" table)
    ;; An apostrophe in a text is no string.
    (modify-syntax-entry ?' "." table)
    table))

(defvar specql-font-lock-keywords
  (let ((key "^[ \t]*\\(?:- +\\)?"))
    `((,(concat key "\\(entity\\|schema\\|fields\\|actions\\|steps\\|impact\\|primary\\|side_effects"
                "\\|cache_invalidations\\|cdc\\|cascade\\|audit\\|params\\)[ \t]*:\\(?:[ \t]\\|$\\)")
       1 font-lock-keyword-face)
      (,(concat key "\\(validate\\|insert\\|update\\|delete\\|upsert\\|find\\|if\\|then\\|else\\|foreach"
                "\\|do\\|switch\\|when\\|call\\|notify\\|reject\\|return\\)[ \t]*:\\(?:[ \t]\\|$\\)")
       1 font-lock-builtin-face)
      (,(concat key "name[ \t]*:[ \t]+\\([a-z_][A-Za-z0-9_]*\\)") 1 font-lock-function-name-face)
      (,(concat key "entity[ \t]*:[ \t]+\\([A-Za-z_.]+\\)") 1 font-lock-type-face)
      (,(concat key "\\([A-Za-z_][A-Za-z0-9_]*\\)[ \t]*:\\(?:[ \t]\\|$\\)") 1 font-lock-variable-name-face)
      ("\\_<\\(?:ref\\|list\\|enum\\)\\_>" . font-lock-type-face)
      ("ref(\\([^)\n]*\\))" 1 font-lock-type-face)
      ("\\_<\\(?:true\\|false\\|null\\|NULL\\|CREATE\\|UPDATE\\|DELETE\\)\\_>" . font-lock-constant-face)
      ("'[^'\n]*'" . font-lock-string-face)
      ("\\_<\\(?:SET\\|WHERE\\|AND\\|OR\\|NOT\\|IS\\|IN\\|LIKE\\|BETWEEN\\|EXISTS\\|CASE\\|WHEN\\|THEN\\|ELSE\\|END\\)\\_>"
       . font-lock-keyword-face)))
  "Colours of a file, beside those that the server gives.")

(defun specql--level ()
  "The indentation of the line above, deeper where it opens a block."
  (save-excursion
    (forward-line 0)
    (if (not (re-search-backward "^[ \t]*[^ \t\n]" nil t))
        0
      (let ((above (current-indentation)))
        (cond ((looking-at "[ \t]*#") above)
              ;; What stands behind a dash begins two columns further.
              ((looking-at "[ \t]*-[ \t]+[^#\n]*:[ \t]*\\(?:[|>][-+0-9]*[ \t]*\\)?\\(?:#.*\\)?$") (+ above 4))
              ((looking-at "[ \t]*-[ \t]+[^ \t\n]+:") (+ above 2))
              ((looking-at "[^#\n]*:[ \t]*\\(?:[|>][-+0-9]*[ \t]*\\)?\\(?:#.*\\)?$") (+ above 2))
              (t above))))))

(defun specql-indent-line ()
  "Indent an empty line to where the next thing stands; asked again, a level less."
  (interactive)
  (let ((empty (save-excursion (forward-line 0) (looking-at "[ \t]*$"))))
    (cond ((and (eq last-command this-command) (eq this-command 'indent-for-tab-command))
           (indent-line-to (if (> (current-indentation) 0) (max 0 (- (current-indentation) 2)) (specql--level))))
          (empty (indent-line-to (specql--level)))
          ;; The level of a line with text is its meaning.
          (t 'noindent))))

;;;###autoload
(define-derived-mode specql-mode prog-mode "SpecQL"
  "A mode for SpecQL entity files."
  (setq-local comment-start "# "
              comment-start-skip "#+[ \t]*"
              indent-tabs-mode nil
              tab-width 2
              electric-indent-inhibit t
              indent-line-function #'specql-indent-line
              font-lock-defaults '(specql-font-lock-keywords))
  (setq-local imenu-generic-expression '((nil "^[ \t]+- name:[ \t]+\\(.+\\)$" 1))))

(defun specql--entity-file-p ()
  "Whether the buffer is YAML with `entity' in its root."
  (and buffer-file-name
       (string-match-p "\\.ya?ml\\'" buffer-file-name)
       (save-excursion
         (goto-char (point-min))
         (re-search-forward "^\\(?:entity\\|\"entity\"\\|'entity'\\)[ \t]*:\\(?:[ \t\n]\\|\\'\\)"
                            (min (point-max) (+ (point-min) specql--looked-at)) t))))

;;;###autoload
(add-to-list 'auto-mode-alist '("\\.specql\\(?:\\.ya?ml\\)?\\'" . specql-mode))
;;;###autoload
(add-to-list 'auto-mode-alist '("/specql\\.config\\.ya?ml\\'" . specql-mode))
;;;###autoload
(add-to-list 'magic-mode-alist '(specql--entity-file-p . specql-mode))

;;; The server, in either client.

(defvar eglot-server-programs)
(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs `((specql-mode) . ,specql-server-command)))

(defvar lsp-language-id-configuration)
(declare-function lsp-register-client "lsp-mode" (client))
(declare-function make-lsp-client "lsp-mode" (&rest arguments))
(declare-function lsp-stdio-connection "lsp-mode" (command))
(declare-function lsp-activate-on "lsp-mode" (&rest languages))
(with-eval-after-load 'lsp-mode
  (add-to-list 'lsp-language-id-configuration '(specql-mode . "specql"))
  (lsp-register-client
   (make-lsp-client :new-connection (lsp-stdio-connection (lambda () specql-server-command))
                    :activation-fn (lsp-activate-on "specql")
                    :server-id 'specql-lsp)))

;;; Previews.

(declare-function eglot-current-server "eglot" ())
(declare-function eglot--signal-textDocument/didChange "eglot" ())
(declare-function eglot--TextDocumentPositionParams "eglot" ())
(declare-function lsp-request "lsp-mode" (method params &rest more))
(declare-function lsp--text-document-position-params "lsp-mode" (&rest more))

(defvar-local specql--shown nil
  "In a preview: the buffer of the file, where in it, and the artifact.")

(defun specql--ask (method artifact)
  "What the server answers to METHOD for the place at point, with ARTIFACT."
  (let* ((place (if (bound-and-true-p lsp-mode)
                    (lsp--text-document-position-params)
                  (eglot--TextDocumentPositionParams)))
         (params (append (list :uri (plist-get (plist-get place :textDocument) :uri)
                               :position (plist-get place :position))
                         (and artifact (list :artifact artifact)))))
    (if (bound-and-true-p lsp-mode)
        (lsp-request method params)
      ;; Eglot tells of edits when it is idle, and the answer must know of them.
      (eglot--signal-textDocument/didChange)
      (jsonrpc-request (or (eglot-current-server) (user-error "No server runs for this buffer: M-x eglot"))
                       (intern (concat ":" method)) params))))

(defun specql--member (object name)
  "The member NAME of OBJECT, of either client."
  (if (hash-table-p object)
      (gethash name object)
    (plist-get object (intern (concat ":" name)))))

(defun specql--artifacts ()
  "The artifacts of the place at point: names with what they are."
  (mapcar (lambda (it) (cons (specql--member it "artifact") (specql--member it "summary")))
          (specql--ask "specql/artifacts" nil)))

;;;###autoload
(defun specql-preview (&optional artifact)
  "Show what is generated from the place at point, and keep it up to date.
With a prefix argument ask for the ARTIFACT."
  (interactive
   (list (and current-prefix-arg
              (let* ((known (specql--artifacts))
                     (completion-extra-properties
                      `(:annotation-function ,(lambda (it) (concat "  " (cdr (assoc it known)))))))
                (completing-read "Artifact: " known nil t)))))
  (let ((source (current-buffer)) (place (point-marker)))
    (specql--show source place artifact)
    (add-hook 'after-change-functions #'specql--changed nil t)))

(defun specql--show (source place artifact)
  "Fill the preview of ARTIFACT at PLACE in SOURCE, and show it."
  (let* ((answer (with-current-buffer source
                   (save-excursion (goto-char place) (specql--ask "specql/preview" artifact))))
         (text (and answer (specql--member answer "text"))))
    (unless text
      (user-error "Nothing is generated from this place"))
    (with-current-buffer (get-buffer-create "*specql-preview*")
      (let ((inhibit-read-only t))
        (erase-buffer)
        (insert text)
        (goto-char (point-min)))
      (pcase (specql--member answer "language")
        ("sql" (unless (derived-mode-p 'sql-mode) (sql-mode)))
        ("json" (unless (derived-mode-p 'js-mode) (js-mode))))
      (setq buffer-read-only t)
      (setq header-line-format (specql--member answer "title"))
      (setq specql--shown (list source place artifact))
      (display-buffer (current-buffer)))))

(defvar specql--timer nil)

(defun specql--changed (&rest _)
  "Ask for the preview again when edits rest."
  (when (timerp specql--timer)
    (cancel-timer specql--timer))
  (setq specql--timer (run-with-idle-timer specql-preview-delay nil #'specql--refresh)))

(defun specql--refresh ()
  "Bring the preview up to date."
  (when-let* ((buffer (get-buffer "*specql-preview*"))
              (shown (buffer-local-value 'specql--shown buffer)))
    (when (buffer-live-p (car shown))
      (ignore-errors (apply #'specql--show shown)))))

(define-key specql-mode-map (kbd "C-c C-p") #'specql-preview)

(provide 'specql-mode)
;;; specql-mode.el ends here
