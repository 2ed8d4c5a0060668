# SpecQL entity files in Kakoune: filetype, colours, levels of indentation, and the server for kak-lsp.

hook global BufCreate .*\.specql(\.ya?ml)?|(.*/)?specql\.config\.ya?ml %{
    set-option buffer filetype specql
}

# YAML of any name by what the server goes by too: a root key `entity`. Behind the hooks of YAML.
hook global BufOpenFile .*\.ya?ml %{
    try %{
        execute-keys -draft '%s^entity[ \t]*:([ \t]|$)<ret>'
        set-option buffer filetype specql
    }
}

hook global WinSetOption filetype=specql %{
    require-module specql
    add-highlighter window/specql ref specql
    set-option window comment_line '#'
    set-option buffer tabstop 2
    set-option buffer indentwidth 2
    hook window InsertChar '\n' -group specql-indent specql-indent-on-new-line
    hook -once -always window WinSetOption filetype=.* %{
        remove-highlighter window/specql
        remove-hooks window specql-.+
    }
}

provide-module specql %§
    add-highlighter shared/specql regions
    add-highlighter shared/specql/code default-region group
    add-highlighter shared/specql/comment region '(^|\h)\K#' $ fill comment
    add-highlighter shared/specql/double region '"' (?<!\\)(\\\\)*" fill string
    add-highlighter shared/specql/code/ regex '^\h*(?:- +)?(\w+)\h*:(?:\h|$)' 1:variable
    add-highlighter shared/specql/code/ regex '^\h*(?:- +)?(entity|schema|fields|actions|steps|impact|primary|side_effects|cache_invalidations|cdc|cascade|audit|params)\h*:(?:\h|$)' 1:keyword
    add-highlighter shared/specql/code/ regex '^\h*(?:- +)?(validate|insert|update|delete|upsert|find|if|then|else|foreach|do|switch|when|call|notify|reject|return)\h*:(?:\h|$)' 1:keyword
    add-highlighter shared/specql/code/ regex '\bname:\h+(\w+)' 1:function
    add-highlighter shared/specql/code/ regex '\bentity:\h+([\w.]+)' 1:type
    add-highlighter shared/specql/code/ regex '\b(ref|list|enum)\(([^)\n]*)\)' 1:builtin 2:type
    add-highlighter shared/specql/code/ regex '\b(true|false|null|NULL|CREATE|UPDATE|DELETE)\b' 1:value
    add-highlighter shared/specql/code/ regex '\b(SET|WHERE|AND|OR|NOT|IS|IN|LIKE|BETWEEN|EXISTS)\b' 1:operator
    add-highlighter shared/specql/code/ regex "'[^'\n]*'" 0:string

    define-command -hidden specql-indent-on-new-line %{
        evaluate-commands -draft -itersel %{
            # The level of the line above, one deeper below what opens a block, two behind a dash.
            try %{ execute-keys -draft <semicolon> K <a-&> }
            try %{ execute-keys -draft k x <a-k> '^\h*-\h+\w+\h*:' <ret> j <a-gt> }
            try %{ execute-keys -draft k x <a-k> '^[^#\n]*:\h*([|>][-+0-9]*)?\h*$' <ret> j <a-gt> }
        }
    }
§

# With kak-lsp 17 or newer.
hook -group lsp-filetype-specql global BufSetOption filetype=specql %{
    try %{
        set-option buffer lsp_servers %{
            [specql-lsp]
            root_globs = ["specql.config.yaml", "specql.config.yml", ".git"]
            command = "specql-lsp"
            args = ["serve", "--stdio"]
        }
    }
}

define-command specql-preview -params 1..2 -docstring 'specql-preview <Entity.action> [<artifact>]: show what is generated' %{
    evaluate-commands %sh{
        text=$(specql-lsp preview "$1" ${2:+--artifact "$2"} --path "$kak_buffile" 2>&1) || {
            printf "fail '%s'" "$(printf %s "$text" | sed "s/'/''/g")"
            exit
        }
        file=$(mktemp "${TMPDIR:-/tmp}/specql-preview.XXXXXX")
        printf '%s\n' "$text" > "$file"
        printf "try %%{ delete-buffer! *specql-preview* }\n"
        printf "edit! -scratch *specql-preview*\n"
        printf "execute-keys '%%|cat<space>%s<ret>gg'\n" "$file"
        printf "nop %%sh{ rm -f '%s' }\n" "$file"
    }
}
