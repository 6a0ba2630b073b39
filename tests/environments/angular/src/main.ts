import { Component, type OnInit, provideZonelessChangeDetection } from "@angular/core";
import { bootstrapApplication } from "@angular/platform-browser";
import { resetInPage } from "../common/page.js";

@Component({ selector: "consumer-root", template: "<p>Resetting.</p>" })
class Root implements OnInit {
  ngOnInit(): void {
    void resetInPage();
  }
}

void bootstrapApplication(Root, { providers: [provideZonelessChangeDetection()] });
