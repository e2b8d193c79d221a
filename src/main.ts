/** argv -> command -> exit status. */
