" By name, and YAML of any name by what the server goes by too: a root key `entity`.
autocmd BufNewFile,BufRead *.specql,*.specql.yaml,*.specql.yml,specql.config.yaml,specql.config.yml setfiletype specql
autocmd BufNewFile,BufRead *.yaml,*.yml call specql#detect()
