// Puts a file at UPLOAD_URL and writes what is at DOWNLOAD_URL into BACK, with Go's own client.
package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
)

func main() {
	file, err := os.Open(os.Getenv("FILE"))
	check(err)
	facts, err := file.Stat()
	check(err)
	put, err := http.NewRequest(http.MethodPut, os.Getenv("UPLOAD_URL"), file)
	check(err)
	put.ContentLength = facts.Size() // Go does not know the length of a file; storage asks for it
	put.Header.Set("Content-Type", "video/mp4")
	ok(http.DefaultClient.Do(put)).Close()

	back, err := os.Create(os.Getenv("BACK"))
	check(err)
	_, err = io.Copy(back, ok(http.Get(os.Getenv("DOWNLOAD_URL"))))
	check(err)
	check(back.Close())
}

func ok(answer *http.Response, err error) io.ReadCloser {
	check(err)
	if answer.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(answer.Body)
		check(fmt.Errorf("%s: %s", answer.Status, text))
	}
	return answer.Body
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
