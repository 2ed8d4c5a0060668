;; What a user of Emacs does with a broken file. CLIENT is eglot or lsp-mode; the first thing that fails
;; ends the run with its reason. Started by run.sh.  -*- lexical-binding: t; -*-

(setq make-backup-files nil
      auto-save-default nil
      enable-local-variables nil
      vc-handled-backends nil)
(defvar spec-client (getenv "SPECQL_CLIENT"))
(defvar spec-workspace (getenv "SPECQL_WORKSPACE"))

(require 'specql-mode)

(defun spec-eventually (what condition)
  "Wait until CONDITION gives something, and return that; fail with WHAT."
  (let ((until (+ (float-time) 60)) result)
    (while (not (or (setq result (funcall condition)) (> (float-time) until)))
      (accept-process-output nil 0.1)
      (sit-for 0.05))
    (or result (error "waited in vain for %s" what))))

(defun spec-say (&rest words)
  (princ (concat (apply #'format words) "\n") #'external-debugging-output))

(let ((file (expand-file-name "entities/post.yaml" spec-workspace)))
  (with-temp-buffer
    (insert-file-contents file)
    (goto-char (point-min))
    (search-forward "fields: [post_count]")
    (replace-match "fields: [post_cuont]" t t)
    (write-region nil nil file nil 'quiet))
  (find-file file)
  (unless (eq major-mode 'specql-mode) (error "the mode is %s" major-mode))
  (font-lock-ensure)
  (goto-char (point-min))
  (search-forward "entity: Po")
  (unless (eq (get-text-property (point) 'face) 'font-lock-type-face) (error "no colour for an entity"))
  (spec-say "✓ an entity file has the mode and its colours"))

(pcase spec-client
  ("eglot"
   (require 'eglot)
   (setq eglot-sync-connect 30 eglot-autoshutdown nil)
   (call-interactively #'eglot)
   (spec-eventually "the finding"
                    (lambda ()
                      (seq-find (lambda (it) (string-match-p "post_cuont" (flymake-diagnostic-text it)))
                                (flymake-diagnostics)))))
  ("lsp-mode"
   (require 'lsp-mode)
   (setq lsp-auto-guess-root t lsp-enable-file-watchers nil lsp-enable-snippet nil
         lsp-diagnostics-provider :none lsp-restart 'ignore)
   (lsp-workspace-folders-add spec-workspace)
   (lsp)
   (spec-eventually "the finding"
                    (lambda ()
                      (seq-find (lambda (it) (string-match-p "post_cuont" (gethash "message" it)))
                                (apply #'append (hash-table-values (lsp-diagnostics))))))))
(spec-say "✓ %s shows the finding" spec-client)

(goto-char (point-min))
(search-forward "name: create_post")
(specql-preview)
(with-current-buffer "*specql-preview*"
  (goto-char (point-min))
  (search-forward "CREATE OR REPLACE FUNCTION"))
(spec-say "✓ the SQL of the action is shown")

(specql-preview "cascade-sample")
(with-current-buffer "*specql-preview*"
  (goto-char (point-min))
  (search-forward "\"__typename\": \"Post\"")
  (unless (string-match-p "cascade-sample" header-line-format) (error "the title is %s" header-line-format)))
(unless (assoc "event-schema" (specql--artifacts)) (error "the artifacts are %S" (specql--artifacts)))
(spec-say "✓ every artifact can be chosen")

(specql-preview)
(search-forward "collection: updatedAuthors")
(insert "Now")
(specql--refresh)
(with-current-buffer "*specql-preview*"
  (spec-eventually "the edit" (lambda () (specql--refresh) (goto-char (point-min)) (search-forward "updatedAuthorsNow" nil t))))
(spec-say "✓ the preview follows an edit")

(with-temp-buffer
  (specql-mode)
  (insert "actions:")
  (dolist (case '(("actions:" . 2) ("  - name: pay" . 4) ("    steps:" . 6) ("      - validate: |" . 10)
                  ("      - insert: Post" . 8) ("      # why" . 6)))
    (erase-buffer)
    (insert (car case) "\n")
    (specql-indent-line)
    (unless (= (current-indentation) (cdr case))
      (error "below `%s' the level is %d" (car case) (current-indentation)))))
(spec-say "✓ Enter goes to the level of what comes next")

(let ((other (expand-file-name "compose.yaml" spec-workspace)))
  (with-temp-file other (insert "services:\n  entity: Post\n"))
  (find-file other)
  (when (eq major-mode 'specql-mode) (error "other YAML became SpecQL")))
(spec-say "✓ other YAML is left alone")
(set-buffer-modified-p nil)
(kill-emacs 0)
