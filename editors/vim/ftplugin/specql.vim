if exists('b:did_ftplugin')
  finish
endif
let b:did_ftplugin = 1

setlocal commentstring=#\ %s comments=:# expandtab shiftwidth=2 softtabstop=2 tabstop=2

command! -buffer -nargs=? -complete=customlist,specql#artifacts SpecqlPreview call specql#preview(<f-args>)

let b:undo_ftplugin = 'setlocal commentstring< comments< expandtab< shiftwidth< softtabstop< tabstop<'
      \ . ' | delcommand -buffer SpecqlPreview'
